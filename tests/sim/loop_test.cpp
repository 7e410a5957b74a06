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
