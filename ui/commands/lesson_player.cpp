#include "ui/commands/lesson_player.h"

#include <ostream>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "core/model/subject.h"
#include "sim/run/simulated_run.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kTextWidth = 96;

// Words of one paragraph after the other, in lines of bounded width, behind a bar.
void print_text(const std::string& text, std::ostream& out) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t newline = text.find('\n', begin);
    std::size_t end = std::min(newline, text.size());
    if (end - begin > kTextWidth) {
      const std::size_t space = text.rfind(' ', begin + kTextWidth);
      end = space == std::string::npos || space <= begin ? begin + kTextWidth : space;
    }
    out << "  | " << text.substr(begin, end - begin) << '\n';
    begin = end + (end < text.size() ? 1 : 0);
  }
}

void print_question(const run::Question& question, std::ostream& out) {
  out << "  |\n";
  print_text("? " + question.words, out);
  for (std::size_t i = 0; i < question.options.size(); ++i)
    print_text("  " + std::to_string(i + 1) + " " + question.options[i], out);
}

std::string answer_words(const run::Question& question, const run::Truth& truth, const EventLog& log) {
  if (!truth.fault.empty()) return "this run does not tell";
  if (question.kind == run::QuestionKind::kPoint) return describe(truth.thing, log);
  if (question.kind == run::QuestionKind::kNumber) return to_string(truth.number);
  std::string words;
  for (const int option : truth.options)
    words += (words.empty() ? "" : ", ") + question.options[static_cast<std::size_t>(option)];
  return words;
}

void print_step(const run::LessonStep& step, std::ostream& out) {
  out << "\n  | " << step.heading << "\n  | " << std::string(std::min(step.heading.size(), kTextWidth), '-')
      << '\n';
  print_text(step.told, out);
  if (step.question) print_question(*step.question, out);
  out << '\n';
}

}  // namespace

Result<void> play_lesson(const run::ScenarioFile& file, std::ostream& out) {
  std::vector<run::LessonStep> steps = file.lesson;
  run::LessonWatch watch(steps);
  run::SimulatedRunOptions options;
  options.watches = {&watch};
  auto run = run::SimulatedRun::create(run::recipe_of(file.scenario), options);
  if (!run) return run.error();
  (*run)->finish();
  const EventLog& log = (*run)->log();
  std::size_t told = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const std::string time = format_time(log[i].t);
    out << std::string(time.size() < 11 ? 11 - time.size() : 0, ' ') << time << "  "
        << narrate(log[i], log.strings(), log.names()) << '\n';
    for (; told < watch.reached() && steps[told].due_events == i + 1; ++told) {
      if (told > 0 && steps[told - 1].truth)
        print_text("= " + answer_words(*steps[told - 1].question, *steps[told - 1].truth, log), out);
      print_step(steps[told], out);
    }
  }
  return {};
}

}  // namespace sendscope::ui
