// Every shipped scenario at several moments in a language of longer words: no text is English, none lies over
// another.
#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "tests/support/plain_measure.h"
#include "tests/ui/layout/frame_checks.h"
#include "tests/ui/layout/pseudo.h"
#include "tests/ui/workbench/bench.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::EnglishFinder;
using test::SpeakPseudo;

std::vector<std::string> scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(test::repository("scenarios"))) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Names and texts of the run: they are content.
EnglishFinder finder_of(Workbench& bench) {
  EnglishFinder finder;
  finder.allow(bench.log().strings());
  const run::SessionInfo& info = bench.session().info();
  for (const std::string& text : {info.title, info.summary, info.source, std::string("first")})
    finder.allow(text);
  for (const std::string& name : info.producers) finder.allow(name);
  for (const run::LessonStep& step : bench.session().lesson()) {
    finder.allow(step.heading + " " + step.told);
    if (!step.question) continue;
    finder.allow(step.question->words);
    for (const std::string& option : step.question->options) finder.allow(option);
  }
  return finder;
}

TEST_CASE("every scenario can be told in another language: no text is English, and none overlaps") {
  const SpeakPseudo speak;
  const test::PlainMeasure measure;
  for (const std::string& name : scenarios()) {
    const auto bench = bench_of(name);
    const EnglishFinder finder = finder_of(*bench);
    const std::size_t events = bench->log().size();
    for (std::size_t part = 0; part <= 10; ++part) {
      INFO(name << " after " << events * part / 10 << " events");
      do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(events * part / 10));
      bench->view().bottom = static_cast<BottomTab>(part % kBottomTabs);
      bench->view().side = static_cast<SideTab>(part % kSideTabs);
      for (const Size& size : {Size{1280, 720, 100}, Size{1024, 576, 125}}) {
        const Scene scene = bench->frame(measure, size.width, size.height);
        check_texts(scene, size);
        CHECK(finder.in(scene) == std::vector<std::string>{});
      }
    }
  }
}

TEST_CASE("what is selected in a scenario is told in another language") {
  const SpeakPseudo speak;
  const test::PlainMeasure measure;
  for (const char* name : {"transaction-commit-abort.json", "batch-split.json", "leader-dies.json"}) {
    const auto bench = bench_of(name);
    EnglishFinder finder = finder_of(*bench);
    // What an error means is Kafka's own text.
    for (int code = -1; code < 200; ++code) finder.allow(error_row(static_cast<ErrorCode>(code)).text);
    const std::size_t events = bench->log().size();
    for (std::size_t part = 1; part <= 4; ++part) {
      do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(events * part / 4));
      for (const Subject& subject :
           {batch_subject(1), batch_subject(2), request_subject(5), record_subject(1), node_subject(1),
            thread_subject(0), partition_subject(0)}) {
        bench->act(select_action(subject), 1280, 720);
        INFO(name << " after " << events * part / 4 << " events, " << describe(subject, bench->log()));
        CHECK(finder.in(bench->frame(measure, 1280, 720)) == std::vector<std::string>{});
      }
    }
  }
}

}  // namespace
}  // namespace sendscope::ui
