// Batches with a codec, and batches that are split.
#include "core/base/prng.h"
#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

AccumulatorSettings compressing(wire::CompressionType codec, std::int32_t batch_size = 1'024) {
  AccumulatorSettings settings = default_accumulator_settings();
  settings.batch_size_bytes = batch_size;
  settings.linger_ms = 0;
  settings.compression = wire::Compression::of(codec);
  return settings;
}

// 100 bytes that a codec makes nothing of, or much.
std::string value_of(Prng& prng, bool compressible) {
  std::string value(100, '\0');
  for (char& byte : value) byte = static_cast<char>(compressible ? prng.below(3) : prng.below(256));
  return value;
}

struct Tally {
  int batches = 0;
  int splits = 0;
};

// Drains everything; what came out larger than batch.size is split, as a broker with that limit would ask
// for.
void drain_and_split(AccumulatorFixture& f, std::size_t limit, Tally& tally) {
  for (;;) {
    f.drained_.clear();
    if (f.drain({1}, 0).empty()) return;
    for (const BatchPtr& batch : f.drained_) {
      if (batch->record_count() > 1 && batch->records().size() > limit) {
        f.accumulator_.split_and_reenqueue(batch, 0);
        f.accumulator_.complete(batch, 0);
        REQUIRE(f.accumulator_.deallocate(batch, 0).ok());
        ++tally.splits;
      } else {
        f.succeed(batch);
        ++tally.batches;
      }
    }
  }
}

}  // namespace

TEST_CASE("a record larger than batch.size stands alone, whatever a codec makes of it") {
  const auto codec = static_cast<wire::CompressionType>(GENERATE(range(0, wire::kCompressionTypes)));
  AccumulatorFixture f(compressing(codec));
  f.append("large", 10 * 1'024, 0);
  f.append("small", 10, 0);
  const auto queues = f.accumulator_.queues();
  REQUIRE(queues.size() == 1);
  CHECK(queues[0].records == std::vector<std::int32_t>{1, 1});
  CHECK(f.ready(0) == std::vector<NodeId>{1});
  CHECK(f.drain({1}, 0) == "0:1");
  const Bytes bytes = f.drained_[0]->records();
  CHECK(wire::RecordBatchView::parse(bytes)->validate().ok());
  if (codec == wire::CompressionType::kNone) {
    CHECK(bytes.size() > 10 * 1'024);
  } else {
    CHECK(bytes.size() < 1'024);
  }
  CHECK(f.drain({1}, 0) == "0:1");
}

TEST_CASE("the ratio estimate keeps splits below one batch in ten, whatever the mix of records") {
  for (int good_per_cent = 5; good_per_cent < 100; good_per_cent += 10) {
    AccumulatorFixture f(compressing(wire::CompressionType::kGzip));
    Prng prng(static_cast<std::uint64_t>(good_per_cent));
    Tally tally;
    std::deque<std::string> values;
    for (int i = 0; i < 1'000; ++i) {
      AppendRequest request = f.request("r", 0, 0);
      values.push_back(value_of(prng, prng.below(100) < static_cast<std::uint64_t>(good_per_cent)));
      request.value = as_bytes(values.back());
      const RecordAppendResult result = f.accumulator_.try_append(request, *f.cluster_, 0);
      REQUIRE(result.status == AppendStatus::kAppended);
      if (result.batch_is_full) drain_and_split(f, 1'024 + 61, tally);
    }
    drain_and_split(f, 1'024 + 61, tally);
    INFO(good_per_cent << " %: " << tally.splits << " splits, " << tally.batches << " batches");
    CHECK(tally.splits * 10 < tally.batches);
    CHECK(f.outcomes_.size() == 1'000);
    CHECK(f.pool_.available_memory() == 1 << 20);
  }
}

TEST_CASE("splitting parts again ends at single records, each delivered once and in order") {
  AccumulatorFixture f(compressing(wire::CompressionType::kNone, 8'000));
  constexpr int kRecords = 100;
  for (int i = 0; i < kRecords; ++i) f.append(std::to_string(i), 50, 0);
  Tally tally;
  drain_and_split(f, 1, tally);  // nothing is ever small enough
  CHECK(tally.batches == kRecords);
  CHECK(tally.splits < kRecords);
  REQUIRE(f.outcomes_.size() == kRecords);
  for (int i = 0; i < kRecords; ++i) {
    CHECK(f.outcomes_[static_cast<std::size_t>(i)].name == std::to_string(i));
    CHECK_FALSE(f.outcomes_[static_cast<std::size_t>(i)].error);
  }
  CHECK_FALSE(f.accumulator_.has_incomplete());
  CHECK(f.pool_.available_memory() == 1 << 20);
}

// Kafka's own behaviour, seen with 4.3.1 on a real broker: the target of a later split is the bound of the
// largest record's size, and a record smaller than that bound's slack fits beside it. If the broker takes no
// large record of that size, both go back and forth until delivery.timeout.ms ends them.
TEST_CASE("a tiny record is never parted from a neighbour whose size bound has room for it") {
  AccumulatorFixture f(compressing(wire::CompressionType::kNone, 8'000));
  f.append("tiny", 1, 0);
  f.append("large", 4'000, 0);
  for (int round = 0; round < 5; ++round) {
    f.drained_.clear();
    REQUIRE(f.drain({1}, 0) == "0:2");
    CHECK(f.accumulator_.split_and_reenqueue(f.drained_[0], 0) == 1);
    f.accumulator_.complete(f.drained_[0], 0);
    REQUIRE(f.accumulator_.deallocate(f.drained_[0], 0).ok());
  }
  f.drained_.clear();
  f.drain({1}, 0);
  f.succeed(f.drained_[0]);
  CHECK(f.pool_.available_memory() == 1 << 20);
}
