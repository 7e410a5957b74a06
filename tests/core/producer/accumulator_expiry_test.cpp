// Batches that are sent back, and batches that run out of time.
#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

AccumulatorSettings patient(std::int64_t linger_ms, std::int64_t delivery_timeout_ms) {
  AccumulatorSettings settings = default_accumulator_settings();
  settings.batch_size_bytes = 300;
  settings.linger_ms = linger_ms;
  settings.delivery_timeout_ms = delivery_timeout_ms;
  settings.retry_backoff_ms = 100;
  settings.retry_backoff_max_ms = 1'000;
  return settings;
}

// The latest moment at which the head of partition 0 is not ready yet, counted from its re-enqueue at `from`.
Millis backoff_from(AccumulatorFixture& f, Millis from) {
  constexpr Millis kTooLong = 10'000;
  Millis waited = 0;
  while (waited < kTooLong && f.ready(ms(from + waited)).empty()) ++waited;
  return waited;
}

}  // namespace

TEST_CASE("the backoff doubles with every attempt, scatters by a fifth and never exceeds the maximum") {
  for (const std::int32_t jitter : {INT32_MIN, 0, INT32_MAX}) {
    AccumulatorFixture f(patient(0, 1'000'000));
    f.random_.jitter = jitter;
    f.append("a", 10, 0);
    CHECK(f.drain({1}, 0) == "0:1");
    const BatchPtr batch = f.drained_[0];
    Millis now = 0;
    for (const Millis term : {100, 200, 400, 800, 1'000, 1'000}) {
      f.accumulator_.reenqueue(batch, ms(now));
      const Millis expected = jitter == 0  ? term
                              : jitter < 0 ? term * 8 / 10
                                           : std::min(term * 12 / 10, Millis{1'000});
      const Millis waited = backoff_from(f, now);
      CHECK(waited >= expected - 1);
      CHECK(waited <= expected);
      now += waited;
      CHECK(f.drain({1}, ms(now)) == "0:1");
    }
  }
}

TEST_CASE("a batch that was sent back goes when it has waited, or when its leader is a newer one") {
  const bool has_waited = GENERATE(false, true), newer_epoch = GENERATE(false, true);
  AccumulatorFixture f(patient(0, 1'000'000));
  f.append("a", 10, 0);
  CHECK(f.ready(0) == std::vector<NodeId>{1});
  CHECK(f.drain({1}, 0) == "0:1");
  f.accumulator_.reenqueue(f.drained_[0], 0);
  if (newer_epoch) f.cluster_ = cluster_of({1, 2, 1, 2}, 1);
  const Nanos now = ms(has_waited ? 100 : 99);
  const bool goes = has_waited || newer_epoch;
  CHECK(f.ready(now).empty() != goes);
  CHECK(f.drain({1}, now) == (goes ? "0:1" : ""));
}

TEST_CASE("a batch expires wherever it stands: full, filling, sent back or muted") {
  AccumulatorFixture f(patient(5'000, 1'000));
  f.append("full", 250, 0);
  f.append("next", 250, 0, ms(1));
  f.append("filling", 10, 1);
  f.append("sent back", 10, 2);
  CHECK(f.drain({1}, ms(2)) == "0:1 2:1");
  f.accumulator_.reenqueue(f.drained_[0], ms(500));
  f.accumulator_.reenqueue(f.drained_[1], ms(900));
  f.append("muted", 10, 3);
  f.accumulator_.mute_partition({"orders", 3}, 0);
  CHECK(f.accumulator_.expired_batches(ms(999)).empty());
  CHECK(f.accumulator_.expired_batches(ms(1'000)).size() == 4);  // counted from when they were opened
  CHECK(f.accumulator_.expired_batches(ms(1'000)).empty());
  CHECK(f.accumulator_.expired_batches(ms(1'001)).size() == 1);
  CHECK_FALSE(f.accumulator_.has_undrained());
}

TEST_CASE("the longest delivery time-out there is does not overflow") {
  constexpr Millis kLongest = 2'147'483'647;
  AccumulatorFixture f(patient(0, kLongest));
  f.append("a", 10, 0, ms(7));
  CHECK(f.accumulator_.expired_batches(ms(kLongest + 6)).empty());
  CHECK(f.accumulator_.next_expiry_time_ms() == kLongest + 7);
  CHECK(f.accumulator_.expired_batches(ms(kLongest + 7)).size() == 1);
}

TEST_CASE("a batch is still sent in its last millisecond; then nothing is left to expire") {
  AccumulatorFixture f(patient(500, 600));
  f.append("a", 10, 0);
  f.append("b", 10, 1, ms(50));
  CHECK(f.ready(ms(499)).empty());
  CHECK(f.ready(ms(599)) == std::vector<NodeId>{1, 2});
  CHECK(f.accumulator_.expired_batches(ms(599)).empty());
  CHECK(f.accumulator_.next_expiry_time_ms() == 600);
  CHECK(f.drain({1, 2}, ms(599)) == "0:1 1:1");
  f.accumulator_.reset_next_batch_expiry_time();
  CHECK(f.accumulator_.expired_batches(ms(5'000)).empty());
  CHECK(f.accumulator_.next_expiry_time_ms() == kForeverMillis);
}

TEST_CASE("a batch that was sent back is drained before its time-out, unless it is muted: then it expires") {
  const bool muted = GENERATE(false, true);
  AccumulatorFixture f(patient(0, 1'000));
  f.append("a", 10, 0);
  f.drain({1}, 0);
  f.accumulator_.reenqueue(f.drained_[0], 0);
  if (muted) f.accumulator_.mute_partition({"orders", 0}, 0);
  CHECK(f.accumulator_.expired_batches(ms(999)).empty());
  CHECK(f.ready(ms(999)).empty() == muted);
  CHECK(f.drain({1}, ms(999)) == (muted ? "" : "0:1"));
  const std::vector<BatchPtr> expired = f.accumulator_.expired_batches(ms(1'000));
  CHECK(expired.size() == (muted ? 1u : 0u));
  if (muted) f.accumulator_.unmute_partition({"orders", 0}, ms(1'000));
  CHECK(f.ready(ms(1'000)).empty());
}
