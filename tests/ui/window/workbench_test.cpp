// The window without a window: sessions, actions, pointer and keys.
#include "ui/workbench/workbench.h"

#include <GLFW/glfw3.h>

#include <set>

#include "core/event/event_log.h"
#include "sim/run/sim_session.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"
#include "tests/ui/workbench/bench.h"
#include "ui/panels/offscreen.h"
#include "ui/window/key_map.h"
#include "ui/workbench/pointer.h"
#include "ui/workbench/select_text.h"

namespace sendscope::ui {

using namespace run;

using test::bench_of;
using test::do_verb;
using test::middle;

namespace {

constexpr float kW = 1280, kH = 720;

std::unique_ptr<Session> session_of(const std::string& name) {
  auto session = run::open_session(test::repository("scenarios/") + name);
  if (!session) FAIL(session.error().message);
  return std::move(*session);
}

const Hit* find_hit(const Scene& scene, const std::string& part, const Subject& subject = {}) {
  for (const Hit& hit : scene.hits) {
    if (hit.part == part && (!is_set(subject) || hit.subject == subject)) return &hit;
  }
  return nullptr;
}

std::shared_ptr<const sim::FaultSpec> fault_of(sim::FaultAction action) {
  return std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = std::move(action)});
}

// A run that never says that it is over, as one against real brokers.
class EndlessSession final : public Session {
 public:
  explicit EndlessSession(std::unique_ptr<Session> run) : run_(std::move(run)) {
    info_.kind = SessionKind::kLive;
  }
  const SessionInfo& info() const override { return info_; }
  const EventLog& log() const override { return run_->log(); }
  std::uint64_t generation() const override { return run_->generation(); }
  bool advance(const TimeLeft& time_left) override { return run_->advance(time_left); }
  History& history() override { return run_->history(); }
  bool finished() const override { return false; }

 private:
  std::unique_ptr<Session> run_;
  SessionInfo info_;
};

TEST_CASE("a scenario runs to its end and its lesson knows its moments") {
  const auto bench = bench_of("first-send.json");
  const auto lesson = bench->session().lesson();
  CHECK(bench->log().size() > 50);
  REQUIRE(lesson.size() > 2);
  std::size_t before = 0;
  for (const LessonStep& step : lesson) {
    CHECK(step.due >= 0);
    CHECK(step.due_events >= before);
    before = step.due_events;
  }
  do_verb(*bench, Verb::kLesson, 2);
  CHECK(bench->cursor().events == lesson[2].due_events);
  CHECK(bench->due_lesson_step() >= 2);
}

TEST_CASE("time keys move the cursor") {
  const auto bench = bench_of("first-send.json");
  do_verb(*bench, Verb::kEnd);
  CHECK(bench->cursor().events == bench->log().size());
  do_verb(*bench, Verb::kStepBack);
  CHECK(bench->cursor().events == bench->log().size() - 1);
  do_verb(*bench, Verb::kStart);
  do_verb(*bench, Verb::kStep);
  CHECK(bench->cursor().events > 5);  // what is set up
  CHECK(bench->log()[bench->cursor().events].kind == EventKind::send_called);
  CHECK(bench->sentence() == "Everything is set up, and nothing has happened yet.");
  do_verb(*bench, Verb::kStep);
  CHECK(bench->sentence().find("calls send()") != std::string::npos);
  do_verb(*bench, Verb::kPlay);
  CHECK(bench->view().playing);
  for (int i = 0; i < 100'000 && bench->cursor().events < bench->log().size(); ++i) {
    if (!bench->play(0.05)) do_verb(*bench, Verb::kGoOn);  // from a step of the lesson
  }
  CHECK(bench->cursor().events == bench->log().size());
  do_verb(*bench, Verb::kPlayPause);  // from the end: again from the start
  CHECK(bench->cursor().events == 0);
  CHECK(bench->view().playing);
}

TEST_CASE("the end of a live run is followed until one looks back, and again from its end on") {
  Workbench bench(std::make_unique<EndlessSession>(session_of("first-send.json")), {});
  CHECK(bench.fitting_speed() == 1);
  while (bench.work(run::as_long_as_it_takes)) {
  }
  const std::size_t end = bench.log().size();
  REQUIRE(end > 50);
  CHECK(bench.view().following);
  CHECK(bench.cursor().events == end);
  do_verb(bench, Verb::kStepBack);
  CHECK_FALSE(bench.view().following);
  CHECK(bench.cursor().events == end - 1);
  do_verb(bench, Verb::kEnd);
  CHECK(bench.view().following);
  CHECK(bench.cursor().events == end);
}

TEST_CASE("the lesson is back when what was looked at is let go") {
  const auto bench = bench_of("first-send.json");
  bench->view().side = SideTab::kLesson;
  bench->act(select_action(node_subject(1)), kW, kH);
  CHECK(bench->view().side == SideTab::kInspector);
  do_verb(*bench, Verb::kClose);
  CHECK_FALSE(is_set(bench->view().selected));
  CHECK(bench->view().side == SideTab::kLesson);
}

TEST_CASE("following goes through the events of the selected thing and of nothing else") {
  const auto bench = bench_of("first-send.json");
  do_verb(*bench, Verb::kStart);
  const Subject batch = find_subject(bench->log(), "batch:1");
  bench->act(select_action(batch), kW, kH);
  const SubjectEvents events(bench->log(), batch);
  std::vector<std::size_t> seen;
  for (;;) {
    const std::size_t before = bench->cursor().events;
    do_verb(*bench, Verb::kFollowNext);
    if (bench->cursor().events == before) break;
    seen.push_back(bench->cursor().events - 1);
  }
  CHECK(seen == events.events());
  do_verb(*bench, Verb::kFollowPrevious);
  REQUIRE(seen.size() > 1);
  CHECK(bench->cursor().events == seen[seen.size() - 2] + 1);
}

TEST_CASE("a fault in the past keeps what came before and changes what follows") {
  const auto bench = bench_of("leader-dies.json");
  std::vector<Event> before;
  for (std::size_t i = 0; i < bench->log().size(); ++i) before.push_back(bench->log()[i]);
  const Nanos at = 200 * kNanosPerMilli;
  do_verb(*bench, Verb::kSeek, at);
  Action fault = act(Verb::kFault);
  fault.fault = fault_of(sim::Pause{{2}});
  bench->act(fault, kW, kH);
  bench->finish_work();
  const EventLog& log = bench->log();
  const std::size_t same = log.count_before(at);
  REQUIRE(same > 100);
  for (std::size_t i = 0; i < same; ++i) REQUIRE(log[i] == before[i]);
  bool paused = false;
  for (std::size_t i = same; i < log.size() && !paused; ++i) {
    paused = log[i].kind == EventKind::node_state && log[i].place == 2 &&
             log[i].a == static_cast<std::uint32_t>(NodeState::kPaused);
    if (paused) CHECK(log[i].t == at);
  }
  CHECK(paused);
  CHECK(bench->cursor().t == at);
}

TEST_CASE("an order that makes no sense is told, not followed") {
  const auto bench = bench_of("first-send.json");
  Action fault = act(Verb::kFault);
  fault.fault = fault_of(sim::Kill{{99}});
  bench->act(fault, kW, kH);
  Offscreen offscreen(1);
  CHECK(find_hit(bench->frame(offscreen.fonts(), kW, kH), "notice") != nullptr);
}

TEST_CASE("clicks select, drags seek, a right click offers faults") {
  const auto bench = bench_of("leader-dies.json");
  do_verb(*bench, Verb::kSeek, 700 * kNanosPerMilli);
  Offscreen offscreen(1);
  Pointer pointer(*bench);
  pointer.resize(kW, kH);
  Scene scene = bench->frame(offscreen.fonts(), kW, kH);
  const auto click = [&](Point at, PointerButton button) {
    pointer.move(scene, at);
    pointer.press(scene, button);
    pointer.release(scene, button);
    scene = bench->frame(offscreen.fonts(), kW, kH);
  };
  const Hit* thread = find_hit(scene, "thread");
  REQUIRE(thread != nullptr);
  const Subject chosen = thread->subject;
  click(middle(thread->box), PointerButton::kLeft);
  CHECK(bench->view().selected == chosen);
  do_verb(*bench, Verb::kClose);
  CHECK_FALSE(is_set(bench->view().selected));

  const Rect plot = timeline_plot(make_regions(kW, kH, {}));
  pointer.move(scene, middle(plot));
  pointer.press(scene, PointerButton::kLeft);
  const Nanos pressed = bench->cursor().t;
  pointer.move(scene, {plot.x + plot.w * 0.25f, plot.middle_y()});
  pointer.release(scene, PointerButton::kLeft);
  CHECK(bench->cursor().t < pressed);
  CHECK(bench->cursor().t > 0);

  scene = bench->frame(offscreen.fonts(), kW, kH);
  const Hit* broker = find_hit(scene, "broker", node_subject(2));
  REQUIRE(broker != nullptr);
  click(middle(broker->box), PointerButton::kRight);
  CHECK(bench->view().fault_open);
  const Hit* choice = find_hit(scene, "fault.choice");
  REQUIRE(choice != nullptr);
  const std::uint64_t generation = bench->session().generation();
  click(middle(choice->box), PointerButton::kLeft);
  CHECK_FALSE(bench->view().fault_open);
  bench->finish_work();
  CHECK(bench->session().generation() == generation + 1);
}

TEST_CASE("the wheel zooms the timeline at the pointer, a right drag moves it") {
  const auto bench = bench_of("leader-dies.json");
  Offscreen offscreen(1);
  Pointer pointer(*bench);
  pointer.resize(kW, kH);
  const Scene scene = bench->frame(offscreen.fonts(), kW, kH);
  const Rect plot = timeline_plot(make_regions(kW, kH, {}));
  pointer.move(scene, {plot.x + plot.w * 0.5f, plot.middle_y()});
  pointer.wheel(scene, 2);
  const View& view = bench->view();
  CHECK(view.axis_to - view.axis_from == Approx(0.64));
  CHECK((view.axis_from + view.axis_to) / 2 == Approx(0.5));
  const double from = view.axis_from;
  pointer.press(scene, PointerButton::kRight);
  pointer.move(scene, {plot.x + plot.w * 0.4f, plot.middle_y()});
  pointer.release(scene, PointerButton::kRight);
  CHECK(view.axis_from > from);
  CHECK_FALSE(view.fault_open);
  do_verb(*bench, Verb::kTimelineFit);
  CHECK(view.axis_from == 0);
}

TEST_CASE("the codes of the window's keys reach every key of the table") {
  std::set<Key> reached;
  for (int code = 0; code <= GLFW_KEY_LAST; ++code) reached.insert(key_of_code(code, nullptr));
  for (const Command& command : commands()) {
    for (const Chord& chord : command.keys) {
      INFO(command.name);
      const bool any = chord.key == Key::kNone || chord.key == Key::kNumeral;
      CHECK((any || reached.contains(chord.key)));
    }
  }
  for (int code = GLFW_KEY_1; code <= GLFW_KEY_9; ++code)
    CHECK(command_of(chord_of_code(code, nullptr, GLFW_MOD_SHIFT))->verb == Verb::kMarkJump);
  CHECK(command_of(chord_of_code(GLFW_KEY_LEFT, nullptr, GLFW_MOD_SHIFT))->verb == Verb::kFollowPrevious);
  CHECK(command_of(chord_of_code(GLFW_KEY_LEFT, nullptr, GLFW_MOD_CONTROL))->verb == Verb::kCause);
  CHECK(command_of(chord_of_code(GLFW_KEY_SLASH, nullptr, GLFW_MOD_SHIFT))->verb == Verb::kKeySheet);
  CHECK(command_of(chord_of_code(GLFW_KEY_P, nullptr, GLFW_MOD_SHIFT | GLFW_MOD_CONTROL))->verb ==
        Verb::kSearch);
  CHECK(command_of(chord_of_code(GLFW_KEY_F9, nullptr, 0)) == nullptr);
}

TEST_CASE("the next tab, the next step of the lesson and the sentence come from where the window stands") {
  const auto bench = bench_of("first-send.json");
  do_verb(*bench, Verb::kTab, kNextTab);
  CHECK(bench->view().bottom == BottomTab::kEvents);
  for (int tab = 2; tab <= kBottomTabs; ++tab) do_verb(*bench, Verb::kTab, kNextTab);
  CHECK(bench->view().bottom == BottomTab::kNarration);
  const SideTab before = bench->view().side;
  do_verb(*bench, Verb::kSideTab, kNextTab);
  CHECK(bench->view().side != before);
  do_verb(*bench, Verb::kLesson, 1);
  const int due = bench->due_lesson_step();
  do_verb(*bench, Verb::kLessonMove, 1);
  CHECK(bench->due_lesson_step() == due + 1);
  do_verb(*bench, Verb::kLessonMove, -1);
  CHECK(bench->due_lesson_step() == due);
  do_verb(*bench, Verb::kCopy);
  CHECK(bench->take_copy() == bench->sentence());
}

TEST_CASE("theme, size, tabs and bookmarks are choices of the view") {
  const auto bench = bench_of("first-send.json");
  do_verb(*bench, Verb::kTheme);
  CHECK(bench->view().light);
  for (int i = 0; i < 4; ++i) do_verb(*bench, Verb::kScaleDown);
  CHECK(bench->view().scale_percent == 75);
  do_verb(*bench, Verb::kScale, 500);
  CHECK(bench->view().scale_percent == 200);
  do_verb(*bench, Verb::kSeek, 3 * kNanosPerMilli);
  do_verb(*bench, Verb::kMarkSet);
  do_verb(*bench, Verb::kEnd);
  do_verb(*bench, Verb::kMarkJump, 0);
  CHECK(bench->cursor().t == 3 * kNanosPerMilli);
  do_verb(*bench, Verb::kMarkJump, 7);
  do_verb(*bench, Verb::kOpen, 0);
  CHECK(bench->take_open() == std::size_t{0});
  CHECK_FALSE(bench->take_open());
  bench->view().palette_open = true;
  bench->view().palette_text = "DARK";
  bench->palette();
  bench->finish_work();
  REQUIRE(bench->palette().size() == 1);
  CHECK(bench->palette()[0].action.verb == Verb::kTheme);
}

TEST_CASE("a narrow window opens its panel at the right when asked to, and closes it again") {
  const auto bench = bench_of("first-send.json");
  constexpr float kNarrowW = 853, kNarrowH = 480;
  const auto panel = [&] { return make_regions(kNarrowW, kNarrowH, wishes_of(bench->view())).side; };
  CHECK(panel().empty());
  do_verb(*bench, Verb::kSide);
  CHECK_FALSE(panel().empty());
  CHECK(bench->view().side == SideTab::kLesson);
  do_verb(*bench, Verb::kSide);
  CHECK(panel().empty());
  do_verb(*bench, Verb::kLesson, 1);  // a step of the lesson is to be read
  CHECK_FALSE(panel().empty());
  do_verb(*bench, Verb::kClose);
  CHECK(panel().empty());
  bench->act(select_action(thread_subject(0)), kNarrowW, kNarrowH);
  CHECK_FALSE(panel().empty());
  do_verb(*bench, Verb::kSide);
  CHECK(panel().empty());
  CHECK_FALSE(is_set(bench->view().selected));
}

TEST_CASE("every moment of every shipped scenario can be drawn, both themes and three sizes") {
  Offscreen offscreen(1);
  for (const char* name : {"first-send.json", "backpressure.json", "ordering.json",
                           "three-in-flight-structures.json", "callbacks-and-the-latch.json"}) {
    const auto bench = bench_of(name);
    const std::size_t step = std::max<std::size_t>(1, bench->log().size() / 40);
    for (std::size_t n = 0; n <= bench->log().size(); n += step) {
      do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
      for (const float scale : {1.0f, 0.7f, 0.5f}) {
        const Scene scene = bench->frame(offscreen.fonts(), kW * scale, kH * scale);
        REQUIRE(scene.shapes.size() > 30);
      }
    }
  }
}

}  // namespace
}  // namespace sendscope::ui
