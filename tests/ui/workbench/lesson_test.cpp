// A lesson waits for its reader.
#include "sim/run/lesson.h"

#include <algorithm>

#include "sim/run/scenario_file.h"
#include "sim/run/sim_session.h"
#include "tests/support/plain_measure.h"
#include "tests/support/shipped_scenarios.h"
#include "tests/ui/workbench/bench.h"
#include "ui/layout/commands.h"
#include "ui/workbench/pointer.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::kBenchH;
using test::kBenchW;

const test::PlainMeasure kMeasure;
constexpr double kFrame = 0.016;  // seconds
constexpr double kMax = 0;        // the fastest speed

void press(Workbench& bench, Key key, bool shift = false) { test::press_key(bench, {key, false, shift}); }

void click(Workbench& bench, const Hit& hit) { test::click(bench, test::middle(hit.box)); }

// Plays for a few minutes at the most; returns for how long.
double play_on(Workbench& bench) {
  double seconds = 0;
  for (; bench.view().playing && seconds < 300; seconds += kFrame) bench.play(kFrame);
  return seconds;
}

bool says(Workbench& bench, const std::string& words, float width = kBenchW) {
  for (const Shape& shape : bench.frame(kMeasure, width, kBenchH).shapes) {
    if (shape.kind == ShapeKind::kText && words.starts_with(shape.text) && shape.text.size() > 5) return true;
  }
  return false;
}

// Whether the panel says that it waits for its reader.
bool waits_for_reader(Workbench& bench) {
  for (const Shape& shape : bench.frame(kMeasure, kBenchW, kBenchH).shapes) {
    if (shape.text.ends_with("waits for you") || shape.text.ends_with("goes on by itself")) return true;
  }
  return false;
}

// Goes on from stop to stop until the end of the run: the steps at which it stopped.
std::vector<int> stops(Workbench& bench, Key go_on) {
  std::vector<int> steps;
  const auto& lesson = bench.session().lesson();
  while (steps.size() <= lesson.size()) {
    press(bench, go_on);
    play_on(bench);
    const int step = bench.due_lesson_step();
    if (!steps.empty() && step == steps.back()) break;
    const run::LessonStep& due = lesson[static_cast<std::size_t>(step)];
    CHECK(bench.cursor() == Cursor{due.due_events, due.due});
    CHECK(bench.view().side == SideTab::kLesson);
    steps.push_back(step);
  }
  return steps;
}

std::vector<int> all_steps(Workbench& bench) {
  std::vector<int> steps(bench.session().lesson().size());
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = static_cast<int>(i);
  return steps;
}

TEST_CASE("playing stops at every step of every lesson, at any speed") {
  for (const std::string& path : test::shipped_scenarios()) {
    INFO(path);
    const auto load = run::open_scenario(path);
    REQUIRE(load.file);
    const auto bench = bench_of(*load.file);
    bench->view().speed = kMax;
    CHECK(stops(*bench, Key::kEnter) == all_steps(*bench));
    CHECK(bench->cursor().events == bench->log().size());
    press(*bench, key_of(' '));  // from the end: again from the start
    CHECK(bench->cursor().events == 0);
    press(*bench, Key::kHome);
    CHECK(stops(*bench, key_of(' ')) == all_steps(*bench));
  }
}

TEST_CASE("steps that one event reaches are read one after the other") {
  auto load = run::open_scenario(test::repository("scenarios/first-send.json"));
  REQUIRE(load.file);
  auto& lesson = load.file->lesson;
  lesson.insert(lesson.begin() + 3, run::LessonStep{"Look again", "At the same moment.", {}, {}});
  lesson.push_back({"The end", "Nothing follows.", {}, {}});
  const auto bench = bench_of(*load.file);
  CHECK(stops(*bench, Key::kEnter) == all_steps(*bench));
  const std::size_t moment = bench->session().lesson()[2].due_events;
  REQUIRE(bench->session().lesson()[3].due_events == moment);
  do_verb(*bench, Verb::kLesson, 1);
  const auto after = [&](bool back) {
    press(*bench, key_of('N'), back);
    return bench->due_lesson_step();
  };
  CHECK(after(false) == 2);
  CHECK(bench->cursor().events == moment);
  CHECK(after(false) == 3);
  CHECK(bench->cursor().events == moment);
  CHECK(after(false) == 4);
  CHECK(after(true) == 3);
  CHECK(after(true) == 2);
  CHECK(after(true) == 1);
}

TEST_CASE("a single step forward does not pass over a step of the lesson") {
  const auto bench = bench_of("first-send.json");
  std::vector<int> seen;
  while (bench->cursor().events < bench->log().size()) {
    press(*bench, Key::kRight);
    if (waits_for_reader(*bench)) seen.push_back(bench->due_lesson_step());
  }
  CHECK(seen == all_steps(*bench));
}

TEST_CASE("a step that is reached is told, whatever the panel showed") {
  constexpr float kNarrow = 853;
  const auto bench = bench_of("ordering.json");
  do_verb(*bench, Verb::kLesson, 1);
  bench->act(select_action(node_subject(1)), kNarrow, kBenchH);
  press(*bench, Key::kEnter);
  play_on(*bench);
  REQUIRE(bench->due_lesson_step() == 2);
  CHECK(says(*bench, bench->session().lesson()[2].heading));
  CHECK(bench->view().selected == node_subject(1));
  press(*bench, Key::kEscape);
  press(*bench, Key::kEscape);
  CHECK_FALSE(says(*bench, bench->session().lesson()[2].heading, kNarrow));
  press(*bench, Key::kEnter);
  play_on(*bench);
  CHECK(says(*bench, bench->session().lesson()[3].heading, kNarrow));
}

TEST_CASE("a stopped lesson goes on by a click, and its list leads anywhere") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kLesson, 2);
  const auto button = [&] {
    for (const Hit& hit : bench->frame(kMeasure, kBenchW, kBenchH).hits) {
      if (hit.click.verb == Verb::kGoOn) return hit;
    }
    return Hit{};
  };
  REQUIRE(button().click);
  click(*bench, button());
  play_on(*bench);
  CHECK(bench->due_lesson_step() == 3);
  for (const Hit& hit : bench->frame(kMeasure, kBenchW, kBenchH).hits) {
    if (hit.part != "lesson.step" || hit.click.value != 0) continue;
    click(*bench, hit);
    break;
  }
  CHECK(bench->due_lesson_step() == 0);
  press(*bench, Key::kRight);
  CHECK_FALSE(button().click);  // between two steps
  press(*bench, key_of('N'));
  CHECK(bench->due_lesson_step() == 1);
  CHECK(button().click);
}

// Whether something on the stage answers to the pointer as this thing.
bool is_on_stage(const Scene& scene, const Subject& subject) {
  return std::any_of(scene.hits.begin(), scene.hits.end(), [&](const Hit& hit) {
    return hit.subject == subject && !hit.part.starts_with("lane") && hit.part != "fact";
  });
}

TEST_CASE("every step of every lesson lights things that are on the stage") {
  for (const std::string& path : test::shipped_scenarios()) {
    const auto load = run::open_scenario(path);
    REQUIRE(load.file);
    const auto bench = bench_of(*load.file);
    const auto lesson = bench->session().lesson();
    for (std::size_t i = 0; i < lesson.size(); ++i) {
      do_verb(*bench, Verb::kLesson, static_cast<std::int64_t>(i));
      const Scene scene = bench->frame(kMeasure, kBenchW, kBenchH);
      INFO(path << ", step " << i + 1 << ": " << lesson[i].heading);
      CHECK_FALSE(bench->lit().empty());
      for (const Subject& subject : bench->lit()) {
        INFO(describe(subject, bench->log()));
        CHECK(is_on_stage(scene, subject));
      }
    }
  }
}

TEST_CASE("the text of every step fits the panel") {
  for (const std::string& path : test::shipped_scenarios()) {
    const auto load = run::open_scenario(path);
    REQUIRE(load.file);
    const auto bench = bench_of(*load.file);
    const Rect panel = make_regions(kBenchW, kBenchH, {}).side;
    const auto lesson = bench->session().lesson();
    for (std::size_t i = 0; i < lesson.size(); ++i) {
      do_verb(*bench, Verb::kLesson, static_cast<std::int64_t>(i));
      const Scene scene = bench->frame(kMeasure, kBenchW, kBenchH);
      INFO(path << ", step " << i + 1 << ": " << lesson[i].heading);
      const bool cut = std::any_of(scene.shapes.begin(), scene.shapes.end(), [&](const Shape& shape) {
        return shape.text == "\xe2\x80\xa6" && panel.contains({shape.box.x, shape.box.y});
      });
      CHECK_FALSE(cut);
    }
  }
}

// How strongly the card of a thing is drawn.
float strength(Workbench& bench, const Subject& subject) {
  const Scene scene = bench.frame(kMeasure, kBenchW, kBenchH);
  for (const Hit& hit : scene.hits) {
    if (hit.subject != subject || hit.part.starts_with("lane")) continue;
    for (const Shape& shape : scene.shapes) {
      if (shape.kind == ShapeKind::kStroke && shape.box == hit.box) return shape.paint.opacity;
    }
  }
  return -1;
}

TEST_CASE("what a step speaks of is lit, until something is selected") {
  const auto bench = bench_of("backpressure.json");
  const Subject first = thread_subject(0), second = thread_subject(1), broker = node_subject(1);
  do_verb(*bench, Verb::kLesson, 2);  // app-1 finds no memory
  CHECK(strength(*bench, first) == 1);
  CHECK(strength(*bench, second) == kDimmed);
  bench->act(select_action(second), kBenchW, kBenchH);
  CHECK(strength(*bench, first) == kDimmed);
  CHECK(strength(*bench, second) == 1);
  press(*bench, Key::kEscape);
  CHECK(strength(*bench, first) == 1);
  CHECK(strength(*bench, second) == kDimmed);
  press(*bench, key_of('N'), true);  // the broker stands still
  CHECK(strength(*bench, broker) == 1);
  CHECK(strength(*bench, first) == kDimmed);
  press(*bench, Key::kRight);  // between two steps nothing is lit
  CHECK(strength(*bench, first) == 1);
}

TEST_CASE("playing backward passes over the steps") {
  const auto bench = bench_of("first-send.json");
  press(*bench, Key::kEnd);
  press(*bench, key_of('J'));
  play_on(*bench);
  CHECK(bench->cursor().t == 0);
}

TEST_CASE("read along, a step stays for as long as its words take to read") {
  const auto bench = bench_of("first-send.json");
  const auto& lesson = bench->session().lesson();
  bench->view().speed = kMax;
  press(*bench, key_of('E'));
  press(*bench, key_of(' '));
  std::vector<double> shown(lesson.size());
  while (bench->cursor().events < bench->log().size()) {
    if (!bench->view().playing) press(*bench, Key::kEnter);  // a question waits for its reader in any case
    bench->play(kFrame);
    if (waits_for_reader(*bench)) shown[static_cast<std::size_t>(bench->due_lesson_step())] += kFrame;
  }
  CHECK(bench->cursor().events == bench->log().size());
  for (std::size_t i = 0; i + 1 < lesson.size(); ++i) {
    if (lesson[i].question) continue;
    const LessonText text{lesson[i].heading, lesson[i].told, -1, 0, {}};
    CHECK(shown[i] == Approx(reading_seconds(text)).margin(0.1));
    CHECK(shown[i] > 3);
  }
  SECTION("and goes on at once where it is told to") {
    press(*bench, Key::kHome);
    for (int step = 0; step < 2; ++step) {
      press(*bench, Key::kEnter);
      do {
        bench->play(kFrame);
      } while (!waits_for_reader(*bench));
      CHECK(bench->due_lesson_step() == step);
    }
    CHECK(bench->view().playing);
    press(*bench, key_of('E'));
    CHECK_FALSE(bench->view().playing);
  }
}

}  // namespace
}  // namespace sendscope::ui
