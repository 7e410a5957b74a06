#include "core/producer/future_record_metadata.h"
#include "core/producer/transaction_manager.h"
#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

AccumulatorSettings at_once() {
  AccumulatorSettings settings = default_accumulator_settings();
  settings.batch_size_bytes = 300;
  settings.linger_ms = 0;
  settings.delivery_timeout_ms = 1000;
  return settings;
}

}  // namespace

TEST_CASE("a drain takes one batch a partition, in the order of partitions") {
  AccumulatorFixture f(at_once());
  f.cluster_ = cluster_of({1, 1, 1, 2});
  for (int round = 0; round < 2; ++round) {
    for (PartitionId p = 0; p < 4; ++p) f.append("r", 250, p);
  }
  CHECK(f.drain({1}, 0) == "0:1 1:1 2:1");
  CHECK(f.drain({2, 1}, 0) == "3:1 2:1 0:1 1:1");
  CHECK(f.drain({1, 2, 3}, 0) == "3:1");
  CHECK(f.accumulator_.drain(f.cluster_, std::vector<NodeId>{3}, 1000, 0).size() == 1);
}

TEST_CASE("the size limit ends the node's turn there, and the next drain begins at that partition") {
  AccumulatorFixture f(at_once());
  f.cluster_ = cluster_of({1, 1, 1, 1});
  for (PartitionId p = 0; p < 4; ++p) f.append("r", 200, p);
  const std::int64_t two = 2 * (61 + 209);
  CHECK(f.drain({1}, 0, two) == "0:1 1:1");
  for (PartitionId p = 0; p < 2; ++p) f.append("r", 200, p);
  CHECK(f.drain({1}, 0, two) == "2:1 3:1");
  CHECK(f.drain({1}, 0, two) == "0:1 1:1");
  for (PartitionId p = 0; p < 4; ++p) f.append("r", 200, p);
  CHECK(f.drain({1}, 0, 10) == "3:1");  // the first is taken, however large
  CHECK(f.drain({1}, 0, 10) == "0:1");
}

TEST_CASE("after a whole round the next drain begins at the partition before the last start") {
  AccumulatorFixture f(at_once());
  f.cluster_ = cluster_of({1, 1, 1});
  const auto fill = [&] {
    for (PartitionId p = 0; p < 3; ++p) f.append("r", 10, p);
  };
  fill();
  CHECK(f.drain({1}, 0) == "0:1 1:1 2:1");
  fill();
  CHECK(f.drain({1}, 0) == "2:1 0:1 1:1");
  fill();
  CHECK(f.drain({1}, 0) == "1:1 2:1 0:1");
}

TEST_CASE("idle partitions move the cursor as if each had been looked at") {
  AccumulatorFixture f(at_once());
  f.cluster_ = cluster_of({1, 1, 1, 1, 1});
  f.append("r", 10, 1);
  f.append("r", 10, 3);
  CHECK(f.drain({1}, 0) == "1:1 3:1");
  f.append("r", 10, 1);
  f.append("r", 10, 4);
  CHECK(f.drain({1}, 0) == "4:1 1:1");
}

TEST_CASE("without sequences, failed batches go to the front one by one, which turns them around") {
  AccumulatorFixture f(at_once());
  for (const char* name : {"a", "b", "c"}) f.append(name, 250, 0);
  for (int i = 0; i < 3; ++i) CHECK(f.drain({1}, 0) == "0:1");
  const RecordId first = f.drained_[0]->first_record();
  f.accumulator_.reenqueue(f.drained_[0], 0);
  f.accumulator_.reenqueue(f.drained_[1], 0);
  f.drained_.clear();
  f.accumulator_.begin_flush();
  CHECK(f.drain({1}, ms(5000)) == "0:1");
  CHECK(f.drained_[0]->first_record() == first + 1);
}

TEST_CASE("batches expire in their queues exactly at delivery.timeout.ms, muted or not") {
  AccumulatorFixture f(at_once());
  f.append("a", 250, 0, 0);
  f.append("b", 250, 0, ms(10));
  f.append("c", 10, 1, ms(5));
  f.accumulator_.mute_partition({"orders", 1}, 0);
  f.accumulator_.reset_next_batch_expiry_time();
  CHECK(f.accumulator_.expired_batches(ms(999)).empty());
  CHECK(f.accumulator_.next_expiry_time_ms() == 1000);
  f.accumulator_.reset_next_batch_expiry_time();
  CHECK(f.accumulator_.expired_batches(ms(1000)).size() == 1);
  CHECK(f.accumulator_.next_expiry_time_ms() == 1005);
  const std::vector<BatchPtr> later = f.accumulator_.expired_batches(ms(1010));
  REQUIRE(later.size() == 2);
  CHECK(later[0]->topic_partition().partition == 0);
  CHECK(later[1]->topic_partition().partition == 1);
  CHECK_FALSE(f.accumulator_.has_undrained());
  CHECK(f.accumulator_.incomplete_count() == 3);  // until they are completed
}

TEST_CASE("completion and the return of memory are two things") {
  AccumulatorFixture f(at_once(), 300);
  f.append("a", 10, 0);
  f.drain({1}, 0);
  const BatchPtr batch = f.drained_[0];
  batch->set_on_the_wire(true);
  CHECK(batch->complete_exceptionally(Error(ErrorCode::kTimeout), 0));
  f.accumulator_.complete(batch, 0);
  CHECK_FALSE(f.accumulator_.has_incomplete());
  CHECK(f.pool_.available_memory() == 0);
  batch->set_on_the_wire(false);
  CHECK(f.accumulator_.deallocate(batch, 0).ok());
  CHECK(f.accumulator_.deallocate(batch, 0).ok());  // once is enough
  CHECK(f.pool_.available_memory() == 300);
  CHECK(f.pool_.free_blocks() == 1);
}

TEST_CASE("memory a request still refers to is not lent again, even when somebody gives it back") {
  AccumulatorFixture f(at_once(), 300);
  f.append("a", 10, 0);
  f.drain({1}, 0);
  const BatchPtr batch = f.drained_[0];
  const std::byte* memory = batch->records().data();
  batch->set_on_the_wire(true);
  CHECK(f.accumulator_.deallocate(batch, 0).error().code == ErrorCode::kIllegalState);
  const Result<Buffer> next = f.pool_.try_allocate(300, 0);
  REQUIRE(next.ok());
  CHECK(next->data.get() != memory);
  CHECK(batch->records().data() == memory);
}

TEST_CASE("a forced end fails everything in the order of the records, and forgets the queues") {
  AccumulatorFixture f(at_once());
  f.append("a", 10, 1);
  f.append("b", 10, 0);
  f.append("c", 10, 1);
  f.drain({1}, 0);
  f.drained_[0]->set_on_the_wire(true);
  f.accumulator_.close(0);
  f.accumulator_.abort_incomplete_batches(0);
  std::string names;
  for (const Outcome& outcome : f.outcomes_) {
    names += outcome.name;
    CHECK(outcome.error == ErrorCode::kKafkaException);
  }
  CHECK(names == "acb");
  CHECK_FALSE(f.accumulator_.has_incomplete());
  CHECK(f.accumulator_.queues().empty());
  CHECK(f.pool_.available_memory() == (1 << 20) - 300);  // one batch is still on the wire
  f.drained_[0]->set_on_the_wire(false);
  CHECK_FALSE(f.drained_[0]->complete(1, kNoTimestamp, 0));
  CHECK(f.accumulator_.deallocate(f.drained_[0], 0).ok());
  CHECK(f.pool_.available_memory() == 1 << 20);
}

TEST_CASE("aborting what was not drained leaves the rest alone") {
  AccumulatorFixture f(at_once());
  f.append("drained", 10, 0);
  f.drain({1}, 0);
  f.append("waiting", 10, 0);
  f.accumulator_.abort_undrained_batches(Error(ErrorCode::kTransactionAborted), 0);
  REQUIRE(f.outcomes_.size() == 1);
  CHECK(f.outcomes_[0].name == "waiting");
  CHECK(f.outcomes_[0].error == ErrorCode::kTransactionAborted);
  CHECK(f.accumulator_.incomplete_count() == 1);
  CHECK_FALSE(f.accumulator_.has_undrained());
}

TEST_CASE("a split batch comes back as parts in the old order, outside the pool; flush waits for them") {
  AccumulatorSettings settings = at_once();
  settings.batch_size_bytes = 1000;
  AccumulatorFixture f(settings);
  const std::int64_t all = f.pool_.available_memory();
  for (int i = 0; i < 8; ++i) f.append(std::to_string(i), 80, 0);
  CHECK(f.drain({1}, 0) == "0:8");
  const BatchPtr big = f.drained_[0];
  const std::vector<ResultPtr> flush = f.accumulator_.incomplete_results();
  f.append("later", 10, 0);

  CHECK(f.accumulator_.split_and_reenqueue(big, 0) == 1);  // it fits batch.size
  f.accumulator_.complete(big, 0);
  CHECK(f.accumulator_.deallocate(big, 0).ok());
  CHECK(f.pool_.available_memory() == all - 1000);
  CHECK(f.drain({1}, 0) == "0:8");
  const BatchPtr child = f.drained_[1];
  CHECK(f.accumulator_.split_and_reenqueue(child, 0) == 3);  // a part is halved, headers not counted
  f.accumulator_.complete(child, 0);
  CHECK(f.accumulator_.deallocate(child, 0).ok());
  REQUIRE(flush.size() == 1);
  CHECK(flush[0]->completed());
  REQUIRE(flush[0]->parts().size() == 1);
  CHECK(flush[0]->parts()[0].result->completed());
  CHECK(flush[0]->parts()[0].result->parts().size() == 3);
  for (const char* part : {"0:3", "0:3", "0:2", "0:1"}) CHECK(f.drain({1}, 0) == part);
  REQUIRE(f.drained_.size() == 6);
  for (std::size_t i = 2; i < 6; ++i) f.succeed(f.drained_[i], static_cast<std::int64_t>(10 * i));
  std::string names;
  for (const Outcome& outcome : f.outcomes_)
    names += outcome.name + "@" + std::to_string(outcome.offset) + " ";
  CHECK(names == "0@20 1@21 2@22 3@30 4@31 5@32 6@40 7@41 later@50 ");
  CHECK(f.pool_.available_memory() == all);
}
