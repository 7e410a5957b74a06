#include "ui/workbench/playback.h"

#include "tests/support/catch.h"

namespace sendscope::ui {
namespace {

// Events at 1, 2, 2, 2, 5 ms and, after a long silence, 10 s.
EventLog sample() {
  EventLog log;
  for (const Nanos ms : {1, 2, 2, 2, 5, 10'000}) {
    Event event;
    event.t = ms * kNanosPerMilli;
    event.kind = EventKind::waiter_woken;
    log.append(event);
  }
  return log;
}

TEST_CASE("steps go from event to event, both ways") {
  const EventLog log = sample();
  Playback playback;
  CHECK(playback.cursor() == Cursor{0, 0});
  for (std::size_t n = 1; n <= 6; ++n) {
    playback.step(log, 1);
    CHECK(playback.cursor() == Cursor{n, log[n - 1].t});
  }
  playback.step(log, 1);
  CHECK(playback.cursor().events == 6);
  for (std::size_t n = 5; n > 0; --n) {
    playback.step(log, -1);
    CHECK(playback.cursor() == Cursor{n, log[n - 1].t});
  }
  playback.step(log, -1);
  CHECK(playback.cursor() == Cursor{0, 0});
  playback.step(log, -1);
  CHECK(playback.cursor() == Cursor{0, 0});
}

TEST_CASE("several steps at once, and steps from within the set-up") {
  EventLog log;
  for (const EventKind kind : {EventKind::run_started, EventKind::node_named, EventKind::thread_named}) {
    log.append({.kind = kind, .actor = 0});
  }
  for (const Nanos t : {3, 5}) log.append({.t = t, .kind = EventKind::waiter_woken});
  Playback playback;
  playback.step(log, 2);
  CHECK(playback.cursor() == Cursor{4, 3});
  playback.step(log, -2);
  CHECK(playback.cursor() == Cursor{0, 0});
  playback.seek_event(log, 2);
  CHECK(playback.cursor().events == 2);
  playback.step(log, 1);
  CHECK(playback.cursor().events == 3);
}

TEST_CASE("a time takes in every event up to it") {
  const EventLog log = sample();
  Playback playback;
  playback.seek_time(log, 2 * kNanosPerMilli);
  CHECK(playback.cursor() == Cursor{4, 2 * kNanosPerMilli});
  playback.seek_time(log, 3 * kNanosPerMilli);
  CHECK(playback.cursor() == Cursor{4, 3 * kNanosPerMilli});
  SECTION("between two events the first step back goes to the last of them") {
    playback.step(log, -1);
    CHECK(playback.cursor() == Cursor{4, 2 * kNanosPerMilli});
  }
  playback.seek_time(log, -5);
  CHECK(playback.cursor() == Cursor{0, 0});
  playback.seek_time(log, kForever);
  CHECK(playback.cursor().events == 6);
}

TEST_CASE("playing keeps the speed, and hurries through silence") {
  const EventLog log = sample();
  Playback playback;
  playback.seek_time(log, 1 * kNanosPerMilli);
  playback.play(log, 0.5, 0.002, false);  // half a second at 1/500
  CHECK(playback.cursor().t == 2 * kNanosPerMilli);
  playback.seek_event(log, 5);
  double seconds = 0;
  while (playback.cursor().events < 6 && seconds < 10) {
    playback.play(log, 0.01, 0.01, false);
    seconds += 0.01;
  }
  CHECK(seconds == Approx(Playback::kLongestSilence).margin(0.05));
}

TEST_CASE("playing backward mirrors playing forward") {
  const EventLog log = sample();
  Playback playback;
  playback.seek_event(log, 6);
  int moves = 0;
  while (playback.cursor().t > 0 && moves < 5000) {
    REQUIRE(playback.play(log, 0.01, 0.01, true));
    ++moves;
  }
  CHECK(playback.cursor().events == 0);
  CHECK_FALSE(playback.play(log, 0.01, 0.01, true));
}

TEST_CASE("the speed max shows all of it in a fixed time, and very slow still moves") {
  const EventLog log = sample();
  Playback playback;
  double seconds = 0;
  while (playback.cursor().events < 6 && seconds < 10) {
    playback.play(log, 0.02, 0, false);
    seconds += 0.02;
  }
  CHECK(seconds <= Playback::kWholeRun + 0.1);
  EventLog dense;
  for (Nanos t = 1; t <= 100; ++t) dense.append(Event{t, EventKind::waiter_woken});
  Playback slow;
  slow.seek_event(dense, 1);
  const Cursor before = slow.cursor();
  for (int i = 0; i < 200 && slow.cursor() == before; ++i) slow.play(dense, 1e-9, 0.01, false);
  CHECK(slow.cursor().t > before.t);
}

}  // namespace
}  // namespace sendscope::ui
