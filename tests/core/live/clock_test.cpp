#include "core/live/clock.h"

#include <thread>

#include "core/live/thread_parker.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

TEST_CASE("the clock starts at 0, never goes back, and knows the date") {
  const Clock clock;
  Nanos last = clock.now();
  CHECK(last >= 0);
  CHECK(last < kNanosPerSecond);
  for (int i = 0; i < 1000; ++i) {
    const Nanos now = clock.now();
    REQUIRE(now >= last);
    last = now;
  }
  CHECK(clock.wall_millis(1500 * kNanosPerMilli) == clock.wall_millis(0) + 1500);
  CHECK(clock.wall_millis(0) > 1'700'000'000'000);
}

TEST_CASE("a parked thread goes on when woken, or when its time is over") {
  const Clock clock;
  ThreadParker parker(clock);
  const Nanos start = clock.now();
  parker.park_until(start + 5 * kNanosPerMilli);
  CHECK(clock.now() >= start + 5 * kNanosPerMilli);
  parker.wake();
  parker.park_until(kForever);
  std::thread waker([&] { parker.wake(); });
  parker.park_until(kForever);
  waker.join();
  const Nanos before = clock.now();
  parker.park_until(before + kNanosPerMilli);
  CHECK(clock.now() >= before + kNanosPerMilli);
}
