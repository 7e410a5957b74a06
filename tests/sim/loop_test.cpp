#include "sim/loop.h"

#include <map>
#include <vector>

#include "core/base/prng.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

struct Recorder final : Process {
  std::vector<std::pair<Nanos, std::uint64_t>> seen;
  void on_event(Nanos now, std::uint32_t, std::uint64_t argument) override {
    seen.emplace_back(now, argument);
  }
};

}  // namespace

TEST_CASE("occurrences come by time, and in the order scheduled at one time") {
  Loop loop;
  Recorder recorder;
  loop.at(20, recorder, 0, 1);
  loop.at(10, recorder, 0, 2);
  loop.at(20, recorder, 0, 3);
  loop.at(10, recorder, 0, 4);
  while (loop.size() > 0) loop.step();
  using Seen = std::vector<std::pair<Nanos, std::uint64_t>>;
  CHECK(recorder.seen == Seen{{10, 2}, {10, 4}, {20, 1}, {20, 3}});
  CHECK(loop.now() == 20);
}

TEST_CASE("what comes at the end of its time comes after what is scheduled for that time meanwhile") {
  Loop loop;
  Recorder recorder;
  loop.at_end_of(20, recorder, 0, 1);
  loop.at_end_of(20, recorder, 0, 2);
  loop.at(10, recorder, 0, 3);
  loop.at(30, recorder, 0, 4);
  loop.step();
  loop.at(20, recorder, 0, 5);
  CHECK(loop.foreground() == 4);
  while (loop.size() > 0) loop.step();
  using Seen = std::vector<std::pair<Nanos, std::uint64_t>>;
  CHECK(recorder.seen == Seen{{10, 3}, {20, 5}, {20, 1}, {20, 2}, {30, 4}});
}

// Tells what it is, unless it is not to be held back.
struct Told final : Process {
  explicit Told(bool can_wait_) : can_wait(can_wait_) {}
  bool can_wait;
  std::vector<std::pair<Nanos, std::uint64_t>> seen;
  void on_event(Nanos now, std::uint32_t, std::uint64_t argument) override {
    seen.emplace_back(now, argument);
  }
  std::optional<Occurrence> tell(std::uint32_t, std::uint64_t argument) const override {
    if (!can_wait) return std::nullopt;
    return Occurrence{.kind = OccurrenceKind::kThreadRuns, .thread = static_cast<std::uint16_t>(argument)};
  }
};

TEST_CASE("what is brought forward comes at its time, and what was due before follows it in its order") {
  using Seen = std::vector<std::pair<Nanos, std::uint64_t>>;
  Loop loop;
  Told told(true), fixed(false);
  loop.at(30, told, 0, 1);
  loop.at(10, told, 0, 2);
  const TimerId chosen = loop.at(30, told, 0, 3);
  loop.at(20, told, 0, 4);
  loop.at(30, told, 0, 5);
  loop.at(40, told, 0, 6);
  loop.at(25, fixed, 0, 7);
  const auto before = loop.pending();
  REQUIRE(before.size() == 6);
  CHECK(before.front().what.thread == 2);
  CHECK(before.front().time == 10);
  loop.bring_forward(chosen);
  CHECK(loop.pending().front().timer == chosen);
  while (loop.size() > 0) loop.step();
  CHECK(told.seen == Seen{{30, 3}, {30, 2}, {30, 4}, {30, 1}, {30, 5}, {40, 6}});
  CHECK(fixed.seen == Seen{{25, 7}});
}

TEST_CASE("one choice after the other at one time, and an earlier one that is held back by a later") {
  using Seen = std::vector<std::pair<Nanos, std::uint64_t>>;
  Loop loop;
  Told told(true);
  const TimerId a = loop.at(10, told, 0, 1), b = loop.at(20, told, 0, 2), c = loop.at(30, told, 0, 3);
  loop.bring_forward(b);  // 2, 1 at 20
  CHECK(loop.happened_now() == 0);
  loop.step();
  CHECK(loop.happened_now() == 1);
  loop.bring_forward(c);
  CHECK(loop.pending(a));
  loop.at(20, told, 0, 4);  // what is new is not held back
  while (loop.size() > 0) loop.step();
  CHECK(told.seen == Seen{{20, 2}, {20, 4}, {30, 3}, {30, 1}});
}

TEST_CASE("what is cancelled does not happen, and an old id cancels nothing new") {
  Loop loop;
  Recorder recorder;
  const TimerId first = loop.at(10, recorder, 0, 1);
  CHECK(loop.pending(first));
  loop.cancel(first);
  CHECK_FALSE(loop.pending(first));
  const TimerId second = loop.at(10, recorder, 0, 2);  // uses the slot again
  loop.cancel(first);
  CHECK(loop.pending(second));
  loop.step();
  CHECK(recorder.seen.size() == 1);
  CHECK_FALSE(loop.pending(second));
}

TEST_CASE("the past is now, and background work does not count as work") {
  Loop loop;
  Recorder recorder;
  loop.advance(100);
  loop.at(50, recorder, 0, 1);
  CHECK(loop.next_time() == 100);
  loop.at(500, recorder, 0, 2, Weight::kBackground);
  CHECK(loop.foreground() == 1);
  loop.step();
  CHECK(loop.foreground() == 0);
  CHECK(loop.next_time() == 500);
}

TEST_CASE("a heap of many, with cancellations in between, keeps the order of a sorted list") {
  Loop loop;
  Recorder recorder;
  Prng prng(7);
  std::map<std::pair<Nanos, std::uint64_t>, std::uint64_t> expected;
  std::vector<std::pair<TimerId, std::pair<Nanos, std::uint64_t>>> timers;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const auto time = static_cast<Nanos>(prng.below(1000));
    timers.emplace_back(loop.at(time, recorder, 0, i), std::pair(time, i));
    expected[{time, i}] = i;
    if (prng.below(3) == 0) {
      const std::size_t victim = prng.below(timers.size());
      loop.cancel(timers[victim].first);
      expected.erase(timers[victim].second);
    }
  }
  while (loop.size() > 0) loop.step();
  std::vector<std::pair<Nanos, std::uint64_t>> sorted;
  for (const auto& [key, value] : expected) sorted.push_back(key);
  CHECK(recorder.seen == sorted);
}

}  // namespace sendscope::sim
