#include "sim/run/question.h"

#include <algorithm>

#include "sim/run/lesson.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

namespace sendscope::run {
namespace {

// The steps of a lesson after a run of the first scenario.
std::vector<LessonStep> told(const std::string& lesson) {
  const auto file = open_scenario(test::repository("scenarios/first-send.json")).file;
  REQUIRE(file);
  LessonLoad load = load_lesson_text(lesson, "l.md");
  INFO(sim::to_string(load.problems));
  REQUIRE(load.problems.empty());
  LessonWatch watch(load.steps);
  SimulatedRunOptions options;
  options.watches = {&watch};
  auto run = SimulatedRun::create(recipe_of(file->scenario), options);
  REQUIRE(run.ok());
  (*run)->finish();
  return load.steps;
}

std::string lesson(const std::string& answers, const std::string& reveal = "acked == 5") {
  return "# T\nText.\n## One\nwhen: acked == 1\nText.\nask: What?\n" + answers + "\n## Two\nwhen: " + reveal +
         "\nText.\n";
}

TEST_CASE("the run says which option holds, and what is first") {
  const auto chosen = told(lesson("- a | failed > 0\n- b | acked > 4"));
  REQUIRE(chosen[1].truth);
  CHECK(chosen[1].truth->options == std::vector<int>{1});
  const auto ordered =
      told(lesson("- a | partition('greetings-0').log.size\n- b | failed\n- c | "
                  "partition('greetings-1').log.size"));
  CHECK(ordered[1].truth->options == std::vector<int>{1, 2, 0});
  const auto pointed = told(lesson("point: partition", "event('batch_opened', partition='greetings-1')"));
  CHECK(pointed[1].truth->thing == Subject{SubjectKind::kPartition, 1});
  const auto number = told(lesson("truth: acked - 1"));
  CHECK(number[1].truth->number == Value::integer(4));
  const auto time = told(lesson("truth: time"));
  CHECK(time[1].truth->number == Value::duration(time[2].due));
  CHECK(time[1].truth->asked_at == time[1].due);
  for (const auto& steps : {chosen, ordered, pointed, number, time}) CHECK(question_fault(steps) == "");
}

TEST_CASE("the run draws the curve of a value") {
  const auto drawn = told(lesson("curve: acked | 10"));
  REQUIRE(drawn[1].truth);
  const std::vector<int>& heights = drawn[1].truth->heights;
  REQUIRE(heights.size() == kCurvePoints);
  CHECK(heights.back() == 50);
  CHECK(heights.front() >= 10);
  CHECK(std::is_sorted(heights.begin(), heights.end()));
  CHECK(question_fault(drawn) == "");

  ReaderAnswer answer;
  for (int i = 0; i < kCurvePoints; ++i) {
    CHECK(judge(*drawn[1].question, answer, drawn[1].truth) == Verdict::kUndecided);
    answer.heights[static_cast<std::size_t>(i)] = heights[static_cast<std::size_t>(i)] + 20;
  }
  CHECK(judge(*drawn[1].question, answer, drawn[1].truth) == Verdict::kRight);
  answer.heights[0] = *answer.heights[0] + 1;
  CHECK(judge(*drawn[1].question, answer, drawn[1].truth) == Verdict::kWrong);
}

TEST_CASE("a curve is known from where it is asked for on") {
  const auto unknown = told(lesson("curve: acked | acked - 1"));
  CHECK(unknown[1].truth->fault == "a value is unknown");  // as high as nothing, to begin with
}

TEST_CASE("a question without an answer in the run is a fault of the lesson") {
  const auto fault = [](const std::string& answers, const std::string& reveal = "acked == 5") {
    return question_fault(told(lesson(answers, reveal)));
  };
  CHECK(fault("- a | failed > 0\n- b | acked > 7") == "\"What?\": none of the options holds");
  CHECK(fault("- a | failed == 0\n- b | acked > 4") == "\"What?\": several options hold");
  CHECK(fault("- a | failed\n- b | epoch") == "\"What?\": two options have the same value");
  CHECK(fault("point: thread") == "\"What?\": the revealing event speaks of no such thing");
  CHECK(fault("truth: 1 / failed") == "\"What?\": a value is unknown");
  CHECK(fault("truth: acked", "acked == 7") == "\"What?\": its answer is never revealed");
  CHECK(fault("truth: acked", "acked == 1") == "\"What?\": its answer is revealed at the same moment");
}

TEST_CASE("an answer is judged by the run") {
  const auto choose = told(lesson("- a | failed > 0\n- b | acked > 4"));
  const auto verdict = [](const std::vector<LessonStep>& steps, const ReaderAnswer& answer) {
    return judge(*steps[1].question, answer, steps[1].truth);
  };
  CHECK(verdict(choose, {{1}, {}, {}}) == Verdict::kRight);
  CHECK(verdict(choose, {{0}, {}, {}}) == Verdict::kWrong);
  CHECK(verdict(choose, {}) == Verdict::kUndecided);
  const auto order = told(lesson("- a | acked\n- b | failed"));
  CHECK(verdict(order, {{1, 0}, {}, {}}) == Verdict::kRight);
  CHECK(verdict(order, {{0, 1}, {}, {}}) == Verdict::kWrong);
  CHECK(verdict(order, {{1}, {}, {}}) == Verdict::kUndecided);
  const auto point = told(lesson("point: node", "event('request_sent') and acked == 1"));
  CHECK(verdict(point, {{}, point[1].truth->thing, {}}) == Verdict::kRight);
  CHECK(verdict(point, {{}, {SubjectKind::kNode, 7}, {}}) == Verdict::kWrong);
  const auto number = told(lesson("truth: acked * 10"));  // 50, and a fifth is 10
  for (const std::int64_t near : {40, 50, 60}) CHECK(verdict(number, {{}, {}, near}) == Verdict::kRight);
  for (const std::int64_t far : {39, 61, -50}) CHECK(verdict(number, {{}, {}, far}) == Verdict::kWrong);
  const auto small = told(lesson("truth: acked - 1"));  // 4: no fifth of it is a whole one
  CHECK(verdict(small, {{}, {}, 4}) == Verdict::kRight);
  CHECK(verdict(small, {{}, {}, 5}) == Verdict::kWrong);
}

TEST_CASE("a time is judged by how long there was to wait for it") {
  const auto time = told(lesson("truth: time"));
  const Nanos asked = time[1].due, revealed = time[2].due;
  const auto verdict = [&](Nanos answer) {
    return judge(*time[1].question, {{}, {}, answer}, time[1].truth);
  };
  CHECK(verdict(revealed) == Verdict::kRight);
  CHECK(verdict(revealed - (revealed - asked) / 5) == Verdict::kRight);
  CHECK(verdict(revealed - (revealed - asked) / 4) == Verdict::kWrong);
  CHECK(verdict(asked) == Verdict::kWrong);
}

}  // namespace
}  // namespace sendscope::run
