// A lesson asks, its reader predicts, and the run tells.
#include <algorithm>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

void play_to_stop(Workbench& bench) {
  bench.view().speed = 0;
  for (int frame = 0; frame < 5000 && bench.view().playing; ++frame) bench.play(0.016);
  REQUIRE_FALSE(bench.view().playing);
}

// The first step of the lesson that asks in this way.
int step_that_asks(const Workbench& bench, run::QuestionKind kind) {
  const auto lesson = const_cast<Workbench&>(bench).session().lesson();
  for (std::size_t i = 0; i < lesson.size(); ++i) {
    if (lesson[i].question && lesson[i].question->kind == kind) return static_cast<int>(i);
  }
  FAIL("no such question");
  return -1;
}

const run::LessonStep& step_at(Workbench& bench, int step) {
  return bench.session().lesson()[static_cast<std::size_t>(step)];
}

// At the first question of the lesson of this kind.
struct Asked {
  explicit Asked(const std::string& file, run::QuestionKind kind)
      : bench(bench_of(file)), person(*bench), step(step_that_asks(*bench, kind)) {
    do_verb(*bench, Verb::kLesson, step);
    person.look();
  }

  const run::Truth& truth() { return *step_at(*bench, step).truth; }
  // Enter, and all that is played until the answer is revealed.
  void reveal() {
    person.press(Key::kEnter);
    play_to_stop(*bench);
    CHECK(bench->due_lesson_step() == step + 1);
    person.look();
  }

  std::unique_ptr<Workbench> bench;
  Person person;
  int step;
};

TEST_CASE("playing stops at a question, also when it reads along, and nothing gives its answer away") {
  const auto bench = bench_of("ordering.json");
  Person person(*bench);
  const int step = step_that_asks(*bench, run::QuestionKind::kChoose);
  const run::LessonStep &asks = step_at(*bench, step), &reveals = step_at(*bench, step + 1);
  person.press(key_of('E'));
  do_verb(*bench, Verb::kLesson, step - 1);
  person.press(Key::kEnter);
  play_to_stop(*bench);
  CHECK(bench->due_lesson_step() == step);
  CHECK(person.reads("Predict"));
  for (const std::string& option : asks.question->options)
    CHECK(person.reads(option.substr(0, option.find(' '))));
  CHECK_FALSE(person.reads(reveals.heading));
  for (const Hit& hit : person.all("lesson.step")) CHECK(hit.click.value <= step);
  person.search(reveals.heading);
  for (const PaletteEntry& entry : bench->palette()) CHECK(entry.action.verb != Verb::kLesson);
  person.press(Key::kEscape);
  person.press(Key::kEnter);
  play_to_stop(*bench);
  CHECK(person.reads(reveals.heading));
}

TEST_CASE("an option is chosen by a click or by its number, and judged where it is revealed") {
  for (const bool by_click : {true, false}) {
    for (const bool rightly : {true, false}) {
      Asked asked("ordering.json", run::QuestionKind::kChoose);
      const int right = asked.truth().options.front(), other = (right + 1) % 3;
      const auto answer = [&](int option) {
        if (by_click) {
          asked.person.click(asked.person.all("question.option").at(static_cast<std::size_t>(option)).box);
        } else {
          asked.person.press(key_of(static_cast<char>('1' + option)));
        }
      };
      CHECK(asked.person.reads("Skip"));
      answer(rightly ? other : right);  // two answers in a row: the last one counts
      answer(rightly ? right : other);
      CHECK(asked.person.reads("Reveal"));
      CHECK_FALSE(asked.person.reads("Right"));
      asked.reveal();
      CHECK(asked.person.reads(rightly ? "\xe2\x9c\x93 Right" : "\xe2\x9c\x97 Not so"));
      CHECK(asked.person.reads("\xe2\x9c\x93 true"));
      CHECK(asked.person.reads(rightly ? "so far 1 of 1 right" : "so far 0 of 1 right"));
      asked.person.press(key_of('N'), true);  // back at the question: answered, and known
      CHECK(asked.person.reads(rightly ? "Right" : "Not so"));
      CHECK(asked.person.all("question.option").empty());
    }
  }
}

TEST_CASE("a question may be skipped, and is open again to whoever steps back") {
  Asked asked("ordering.json", run::QuestionKind::kChoose);
  asked.reveal();
  CHECK(asked.person.reads("not answered"));
  CHECK_FALSE(asked.person.reads("so far"));
  asked.person.press(key_of('N'), true);
  CHECK(asked.person.all("question.option").size() == 3);
  CHECK_FALSE(asked.person.reads("true"));
}

TEST_CASE("how sure the reader is can be said by a click or by a key") {
  Asked asked("ordering.json", run::QuestionKind::kChoose);
  const auto sure = [&] { return prediction_at(asked.bench->facts(), asked.step).sure; };
  CHECK(sure() == Sureness::kMedium);
  asked.person.press(key_of('C'));
  CHECK(sure() == Sureness::kHigh);
  asked.person.click(asked.person.all("question.sure").at(0).box);
  CHECK(sure() == Sureness::kLow);
  asked.person.press(key_of('1'));
  asked.reveal();
  CHECK(asked.person.reads("sure: low"));
}

TEST_CASE("a thing is pointed at on the stage, and nothing is selected") {
  Asked asked("responses-in-order.json", run::QuestionKind::kPoint);
  const Subject right = asked.truth().thing;
  const auto in_flight = [&] {
    std::vector<Hit> hits;
    for (const Hit& hit : asked.person.look().hits) {
      if (hit.subject.kind == SubjectKind::kRequest && hit.click && !hit.part.starts_with("lane"))
        hits.push_back(hit);
    }
    return hits;
  };
  const auto click_on = [&](bool truth) {
    for (const Hit& hit : in_flight()) {
      if ((hit.subject == right) != truth) continue;
      return asked.person.click(hit.box);
    }
    FAIL("there is no such request");
  };
  click_on(false);
  click_on(true);
  CHECK(asked.bench->view().selected == Subject{});
  CHECK(asked.person.reads("your answer"));
  asked.reveal();
  CHECK(asked.person.reads("\xe2\x9c\x93 Right"));
  SECTION("by one key, pressed again and again") {
    Asked again("responses-in-order.json", run::QuestionKind::kPoint);
    for (int i = 0; i < 9; ++i) {
      if (prediction_at(again.bench->facts(), again.step).answer.thing == right) break;
      again.person.press(key_of('P'));
    }
    again.reveal();
    CHECK(again.person.reads("\xe2\x9c\x93 Right"));
  }
}

TEST_CASE("options are put in order one by one, and taken back with those behind them") {
  Asked asked("batching-and-linger.json", run::QuestionKind::kOrder);
  const std::vector<int> right = asked.truth().options;
  const auto take = [&](int option) {
    asked.person.click(asked.person.all("question.option").at(static_cast<std::size_t>(option)).box);
  };
  const auto taken = [&] { return prediction_at(asked.bench->facts(), asked.step).answer.options; };
  for (const int option : right) take(option);
  CHECK(taken() == right);
  take(right[1]);
  CHECK(taken() == std::vector<int>{right[0]});
  CHECK(asked.person.reads("Skip"));
  asked.person.press(key_of(static_cast<char>('1' + right[1])));
  take(right[3]);
  take(right[2]);
  CHECK(asked.person.reads("Reveal"));
  asked.reveal();
  CHECK(asked.person.reads("\xe2\x9c\x97 Not so"));
  CHECK(asked.person.reads("\xe2\x9c\x93 truly 1"));
  CHECK(asked.person.reads("\xe2\x9c\x97 truly 4"));
  SECTION("by one key, pressed again and again") {
    Asked again("batching-and-linger.json", run::QuestionKind::kOrder);
    for (int i = 0; i < 4; ++i) again.person.press(key_of('P'));
    CHECK(prediction_at(again.bench->facts(), again.step).answer.options == std::vector<int>{0, 1, 2, 3});
    again.person.press(key_of('P'));
    CHECK(prediction_at(again.bench->facts(), again.step).answer.options.empty());
  }
}

TEST_CASE("a number is typed") {
  Asked asked("delivery-timeout.json", run::QuestionKind::kNumber);
  while (step_at(*asked.bench, asked.step).question->asks_for_time()) {
    asked.person.press(key_of('N'));
    asked.person.press(key_of('P'));
    asked.step = asked.bench->due_lesson_step();
  }
  const std::string right = std::to_string(asked.truth().number.number);
  asked.person.press(key_of(right.front()));
  asked.person.type(right);
  asked.person.press(Key::kEnter);
  CHECK(asked.person.reads("your answer"));
  asked.reveal();
  CHECK(asked.person.reads("\xe2\x9c\x93 Right"));
  CHECK(asked.person.reads(right));
}

TEST_CASE("a curve is drawn by the pointer or point by point, and stays beside the truth") {
  Asked asked("backpressure.json", run::QuestionKind::kCurve);
  const auto heights = [&] { return prediction_at(asked.bench->facts(), asked.step).answer.heights; };
  const auto drawn = [&] {
    const auto all = heights();
    return std::count_if(all.begin(), all.end(), [](const auto& height) { return height.has_value(); });
  };
  SECTION("a stroke from corner to corner is a straight line") {
    const Rect chart = asked.person.all("question.chart").at(0).box;
    asked.person.drag({chart.x, chart.bottom() - 0.5f}, {chart.right() - 0.5f, chart.y + 0.5f});
    asked.person.drag({chart.right() - 1, chart.y + 1},
                      {chart.right() - 1, chart.y + 1});  // and once more its end
    REQUIRE(drawn() == run::kCurvePoints);
    for (int i = 0; i < run::kCurvePoints; ++i)
      CHECK(std::abs(*heights()[static_cast<std::size_t>(i)] - (i + 1) * 100 / run::kCurvePoints) <= 2);
    asked.reveal();
    CHECK(asked.person.reads("Not so"));
  }
  SECTION("keys draw the next point, and begin anew after the last") {
    for (const int height : asked.truth().heights) {
      CHECK(asked.person.reads("Skip"));
      asked.person.press(key_of(static_cast<char>('1' + (height * kHeightKeys + 50) / 100)));
    }
    CHECK(asked.person.reads("Reveal"));
    asked.person.press(key_of('9'));
    CHECK(drawn() == 1);
    for (int i = 0; i < run::kCurvePoints - 2; ++i)
      asked.person.press(key_of('P'));  // as high as the one before
    asked.person.press(key_of('1'));
    asked.reveal();
    CHECK(asked.person.reads("Right"));
    CHECK(asked.person.all("question.chart").empty());
  }
}

TEST_CASE("what is no number is refused in words") {
  Asked asked("delivery-timeout.json", run::QuestionKind::kNumber);
  asked.person.press(key_of('P'));
  asked.person.type("soon");
  CHECK(asked.person.reads("expected a number, such as 5 ms"));
  asked.person.press(Key::kEnter);
  CHECK(asked.bench->view().palette_open);
  asked.person.press(Key::kEscape);
  CHECK_FALSE(asked.person.reads("your answer"));
}

TEST_CASE("a time is pointed at on the timeline, which stays where it is") {
  Asked asked("delivery-timeout.json", run::QuestionKind::kNumber);
  const Cursor before = asked.bench->cursor();
  const Hit coming = asked.person.all("timeline.veil").at(0);
  asked.person.click({coming.box.x + 40, coming.box.y, 2, coming.box.h});
  asked.person.click({coming.box.x + 20, coming.box.y, 2, coming.box.h});
  CHECK(asked.bench->cursor() == before);
  CHECK(asked.person.reads("your guess"));
  asked.reveal();
  CHECK(asked.person.reads("your guess"));
}

TEST_CASE("an answer outlives a change of the run, and is judged by the run as it is then") {
  Asked asked("ordering.json", run::QuestionKind::kChoose);
  asked.person.press(key_of(static_cast<char>('1' + asked.truth().options.front())));
  asked.reveal();
  REQUIRE(asked.person.reads("\xe2\x9c\x93 Right"));
  const run::ReaderAnswer answer = prediction_at(asked.bench->facts(), asked.step).answer;
  Action fault = act(Verb::kFault);
  fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Kill{{1}}});
  do_verb(*asked.bench, Verb::kSeek, 1);
  asked.bench->act(fault, test::kBenchW, test::kBenchH);
  asked.bench->finish_work();
  CHECK(prediction_at(asked.bench->facts(), asked.step).answer == answer);
  CHECK(verdict_at(asked.bench->facts(), asked.step) == run::Verdict::kUndecided);
  do_verb(*asked.bench, Verb::kUndo);
  asked.bench->finish_work();
  CHECK(verdict_at(asked.bench->facts(), asked.step) == run::Verdict::kRight);
}

TEST_CASE("the key of predictions leads from question to question") {
  const auto bench = bench_of("first-send.json");
  Person person(*bench);
  std::vector<int> asked;
  for (int i = 0; i < 3; ++i) {
    person.press(key_of('P'));
    const int step = bench->due_lesson_step();
    CHECK((asked.empty() || asked.back() < step));
    asked.push_back(step);
    person.press(key_of('P'));  // takes the first option
    CHECK(person.reads("Reveal"));
    do_verb(*bench, Verb::kLesson, step + 1);
    person.look();
  }
  person.press(Key::kEnd);
  person.press(key_of('P'));
  CHECK(person.reads("asks nothing more"));
}

}  // namespace
}  // namespace sendscope::ui
