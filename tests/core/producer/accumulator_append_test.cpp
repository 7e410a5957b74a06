#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

AccumulatorSettings small_batches() {
  AccumulatorSettings settings = default_accumulator_settings();
  settings.batch_size_bytes = 300;
  settings.linger_ms = 10;
  return settings;
}

std::vector<std::int32_t> records_of(AccumulatorFixture& f, PartitionId partition) {
  for (const RecordAccumulator::QueueView& view : f.accumulator_.queues()) {
    if (view.tp.partition == partition) return view.records;
  }
  return {};
}

constexpr std::size_t kHeader = 61;

}  // namespace

TEST_CASE("records of a partition share a batch until it is full, then the next opens") {
  AccumulatorFixture f(small_batches());
  const RecordAppendResult first = f.append("a", 60, 0);
  CHECK(first.status == AppendStatus::kAppended);
  CHECK(first.new_batch_created);
  CHECK_FALSE(first.batch_is_full);
  CHECK(first.partition == 0);
  CHECK(first.appended_bytes > static_cast<std::int64_t>(kHeader + 60));
  const RecordAppendResult second = f.append("b", 60, 0);
  CHECK_FALSE(second.new_batch_created);
  CHECK(second.appended_bytes == first.appended_bytes - static_cast<std::int64_t>(kHeader));
  CHECK(f.append("c", 60, 0).status == AppendStatus::kAppended);
  const RecordAppendResult fourth = f.append("d", 60, 0);
  CHECK(fourth.new_batch_created);
  CHECK(fourth.batch_is_full);  // more than one batch stands in the queue
  CHECK(records_of(f, 0) == std::vector<std::int32_t>{3, 1});
  CHECK(f.accumulator_.incomplete_count() == 2);
  CHECK(f.pool_.available_memory() == (1 << 20) - 600);
}

TEST_CASE("a record larger than batch.size gets memory of its own and nothing shares it") {
  AccumulatorFixture f(small_batches());
  const RecordAppendResult large = f.append("large", 1000, 0);
  CHECK(large.status == AppendStatus::kAppended);
  CHECK_FALSE(large.batch_is_full);  // the upper bound leaves a few bytes behind a record
  CHECK(f.append("small", 100, 0).new_batch_created);
  CHECK(records_of(f, 0) == std::vector<std::int32_t>{1, 1});
}

TEST_CASE("without memory try_append does nothing and says so") {
  AccumulatorFixture f(small_batches(), 300);
  CHECK(f.append("a", 10, 0).status == AppendStatus::kAppended);
  const RecordAppendResult blocked = f.append("b", 10, 1);
  CHECK(blocked.status == AppendStatus::kWouldBlock);
  CHECK(f.append("c", 10, 0).status == AppendStatus::kAppended);
  CHECK(f.accumulator_.incomplete_count() == 1);
  const RecordAppendResult hopeless = f.append("d", 1000, 0);
  CHECK(hopeless.status == AppendStatus::kFailed);
  CHECK(hopeless.error->code == ErrorCode::kIllegalArgument);
}

TEST_CASE("a closed accumulator takes nothing more, neither into open batches nor new ones") {
  AccumulatorFixture f(small_batches());
  CHECK(f.append("a", 10, 0).status == AppendStatus::kAppended);
  f.accumulator_.close(0);
  for (const PartitionId partition : {0, 1}) {
    const RecordAppendResult result = f.append("b", 10, partition);
    CHECK(result.status == AppendStatus::kFailed);
    CHECK(result.error->code == ErrorCode::kKafkaException);
  }
}

TEST_CASE("a record with a bad timestamp is refused and leaves no trace") {
  AccumulatorFixture f(small_batches());
  AppendRequest bad = f.request("a", 10, 0);
  bad.timestamp_ms = -2;
  const RecordAppendResult result = f.accumulator_.try_append(bad, *f.cluster_, 0);
  CHECK(result.status == AppendStatus::kFailed);
  CHECK(result.error->code == ErrorCode::kIllegalArgument);
  CHECK_FALSE(f.accumulator_.has_incomplete());
  CHECK(f.pool_.available_memory() == 1 << 20);
}

TEST_CASE("an append that waits gets the memory that comes back, and yields before it uses it") {
  AccumulatorFixture f(small_batches(), 300);
  CHECK(f.append("a", 150, 0).status == AppendStatus::kAppended);
  CountingWaiter waiter;
  const AppendRequest request = f.request("b", 50, 1);
  AppendOp op(f.accumulator_, request, 100, waiter);
  CHECK(op.advance(*f.cluster_, ms(1)) == Step::kBlocked);
  CHECK(op.deadline() == ms(101));
  CHECK_FALSE(op.signalled());
  CHECK(f.drain({1}, ms(2)) == "0:1");
  f.succeed(f.drained_[0]);
  CHECK(waiter.wakes == 1);
  CHECK(op.signalled());
  CHECK(op.advance(*f.cluster_, ms(3)) == Step::kYield);
  CHECK_FALSE(f.accumulator_.has_incomplete());
  CHECK(op.advance(*f.cluster_, ms(4)) == Step::kDone);
  CHECK(op.result().status == AppendStatus::kAppended);
  CHECK(op.result().new_batch_created);
  CHECK(records_of(f, 1) == std::vector<std::int32_t>{1});
}

TEST_CASE("memory that another thread's batch made needless goes back") {
  AccumulatorFixture f(small_batches(), 600);
  CountingWaiter waiter;
  const AppendRequest request = f.request("slow", 50, 0);
  AppendOp op(f.accumulator_, request, 100, waiter);
  CHECK(op.advance(*f.cluster_, 0) == Step::kYield);
  CHECK(f.append("quick", 50, 0).new_batch_created);  // in between
  CHECK(f.pool_.available_memory() == 0);
  CHECK(op.advance(*f.cluster_, 0) == Step::kDone);
  CHECK_FALSE(op.result().new_batch_created);
  CHECK(records_of(f, 0) == std::vector<std::int32_t>{2});
  CHECK(f.pool_.available_memory() == 300);
}

TEST_CASE("an append that runs out of time or is given up leaves nothing behind") {
  AccumulatorFixture f(small_batches(), 300);
  CHECK(f.append("a", 10, 0).status == AppendStatus::kAppended);
  CountingWaiter waiter;
  const AppendRequest request = f.request("b", 50, 1);
  {
    AppendOp op(f.accumulator_, request, 5, waiter);
    CHECK(op.advance(*f.cluster_, 0) == Step::kBlocked);
    CHECK(op.advance(*f.cluster_, ms(5)) == Step::kDone);
    CHECK(op.result().error->code == ErrorCode::kBufferExhausted);
    CHECK(op.result().partition == 1);
  }
  {
    AppendOp op(f.accumulator_, request, 5, waiter);
    CHECK(op.advance(*f.cluster_, 0) == Step::kBlocked);
  }
  CHECK(f.pool_.queued() == 0);
  f.accumulator_.begin_flush();
  CHECK(f.drain({1}, 0) == "0:1");
  f.succeed(f.drained_[0]);
  {
    AppendOp op(f.accumulator_, request, 5, waiter);
    CHECK(op.advance(*f.cluster_, 0) == Step::kYield);  // dies with memory in hand
  }
  CHECK(f.pool_.available_memory() == 300);
}

TEST_CASE(
    "the sticky partition moves at a batch boundary, and the switch that was put off comes with the next "
    "append") {
  AccumulatorSettings settings = small_batches();
  settings.adaptive_partitioning = false;
  AccumulatorFixture f(settings);
  f.random_.draws = {2, 3};
  CHECK(f.append("a", 100, kUnknownPartition).partition == 2);
  CHECK(f.append("b", 100, kUnknownPartition).partition == 2);  // 61 + 2 * 108 bytes: not yet
  // A third does not fit. It opens a second batch; that one is not full, so there is no switch although 446
  // bytes went to partition 2.
  CHECK(f.append("c", 100, kUnknownPartition).partition == 2);
  CHECK(f.find_sticky() == 2);
  CHECK(f.append("d", 60, kUnknownPartition).partition == 2);
  // Now the tail has no room: it is closed; the next append finds it full and moves on before it appends.
  const RecordAppendResult moved = f.append("e", 100, kUnknownPartition);
  CHECK(moved.partition == 3);
  CHECK(moved.new_batch_created);
  CHECK(f.random_.draws.empty());
  CHECK(f.count(f.events(), EventKind::sticky_switched) == 1);
}

TEST_CASE(
    "where batches go out before they fill, an empty queue counts as full: the switch comes at batch.size") {
  AccumulatorFixture f(small_batches());
  f.random_.draws = {1, 0};
  std::vector<PartitionId> partitions;
  for (int i = 0; i < 5; ++i) {
    partitions.push_back(f.append("r", 50, kUnknownPartition).partition);
    f.drain({1, 2}, 0);
  }
  // 120 bytes an append with its header: 360 after three of them.
  CHECK(partitions == std::vector<PartitionId>{1, 1, 1, 0, 0});
}

TEST_CASE("at twice batch.size the sticky partition moves although its batch has room") {
  AccumulatorFixture f(small_batches());
  f.random_.draws = {1, 0};
  const RecordAppendResult large = f.append("large", 700, kUnknownPartition);
  CHECK(large.partition == 1);
  CHECK_FALSE(large.batch_is_full);
  CHECK(f.find_sticky() == 0);
}

TEST_CASE("an append that chose a partition before a switch chooses again") {
  AccumulatorSettings settings = small_batches();
  AccumulatorFixture f(settings);
  f.random_.draws = {1, 3};
  CountingWaiter waiter;
  const AppendRequest request = f.request("slow", 10, kUnknownPartition);
  AppendOp op(f.accumulator_, request, 100, waiter);
  CHECK(op.advance(*f.cluster_, 0) == Step::kYield);
  CHECK(op.result().partition == 1);
  // A large record fills partition 1's sticky share, twice over.
  CHECK(f.append("large", 700, kUnknownPartition).partition == 1);
  CHECK(op.advance(*f.cluster_, 0) == Step::kDone);
  CHECK(op.result().partition == 3);
  CHECK(records_of(f, 3) == std::vector<std::int32_t>{1});
}

TEST_CASE("every append is told in order: the batch opens, then the record goes in") {
  AccumulatorFixture f(small_batches());
  f.append("a", 10, 0);
  std::vector<EventKind> kinds;
  for (const Event& event : f.events()) kinds.push_back(event.kind);
  CHECK(kinds == std::vector<EventKind>{EventKind::partition_named, EventKind::memory_allocated,
                                        EventKind::batch_opened, EventKind::record_appended});
}
