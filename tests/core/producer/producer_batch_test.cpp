#include "core/producer/producer_batch.h"

#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/accumulator_fixture.h"
#include "tests/support/dies.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

struct Recorded {
  std::vector<std::string> lines;
};

struct Note {
  Recorded* recorded;
  std::string name;
  FutureRecordMetadata* future = nullptr;

  static void call(void* context, const Acknowledgement& ack) {
    Note& self = *static_cast<Note*>(context);
    std::string line = self.name + " offset " + std::to_string(ack.metadata.offset) + " time " +
                       std::to_string(ack.metadata.timestamp_ms) + " sizes " +
                       std::to_string(ack.metadata.serialized_key_size) + "/" +
                       std::to_string(ack.metadata.serialized_value_size);
    if (ack.error != nullptr) line += " " + std::string(error_row(ack.error->code).java_class);
    if (self.future != nullptr) line += self.future->is_done() ? " done" : " not done";
    self.recorded->lines.push_back(line);
  }
};

class BatchFixture {
 public:
  BatchPtr batch(std::size_t capacity = 1000, const Interceptors* interceptors = nullptr,
                 wire::CompressionType codec = wire::CompressionType::kNone) {
    environment_.interceptors = interceptors;
    BatchParts parts;
    parts.id = ++last_id;
    parts.tp = &tp_;
    parts.created_ms = 500;
    parts.buffer.data = std::make_unique<std::byte[]>(capacity);
    parts.buffer.capacity = capacity;
    parts.options.write_limit = capacity;
    parts.options.compression = wire::Compression::of(codec);
    return std::make_shared<ProducerBatch>(environment_, std::move(parts));
  }

  bool append(ProducerBatch& batch, const std::string& name, FutureRecordMetadata* future = nullptr,
              std::size_t size = 10) {
    notes_.push_back({&recorded, name, future});
    values_.push_back(std::string(size, 'v'));
    AppendRequest request;
    request.timestamp_ms = 1000;
    request.value = as_bytes(values_.back());
    request.delivery = {&Note::call, &notes_.back()};
    request.record = notes_.size();
    request.future = future;
    return batch.try_append(request, 600) == wire::AppendResult::kAppended;
  }

  Recorded recorded;
  wire::CompressionRatioEstimator estimator;
  std::atomic<BatchId> last_id{0};

 private:
  const TopicPartition tp_{"orders", 3};
  EventSink sink_{1024};
  BatchEnvironment environment_{sink_, 0, nullptr};
  std::deque<Note> notes_;
  std::deque<std::string> values_;
};

}  // namespace

TEST_CASE("callbacks run in the order of the appends, before the latch opens") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  FutureRecordMetadata futures[2];
  REQUIRE(f.append(*batch, "a", &futures[0]));
  REQUIRE(f.append(*batch, "b", &futures[1]));
  CHECK(batch->complete(40, kNoTimestamp, 0));
  CHECK(f.recorded.lines == std::vector<std::string>{"a offset 40 time 1000 sizes -1/10 not done",
                                                     "b offset 41 time 1000 sizes -1/10 not done"});
  REQUIRE(futures[1].is_done());
  const Result<RecordMetadata> metadata = futures[1].get();
  REQUIRE(metadata.ok());
  CHECK(metadata->offset == 41);
  CHECK(metadata->topic == "orders");
  CHECK(metadata->partition == 3);
}

TEST_CASE("the broker's append time replaces the record's; without an offset there is none") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  REQUIRE(f.append(*batch, "a"));
  CHECK(batch->complete(kNoOffset, 7777, 0));
  CHECK(f.recorded.lines == std::vector<std::string>{"a offset -1 time 7777 sizes -1/10"});
}

TEST_CASE("a failed record's metadata is full of -1, not absent") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  REQUIRE(f.append(*batch, "a"));
  REQUIRE(f.append(*batch, "b"));
  BatchErrors errors(Error(ErrorCode::kInvalidRecord));
  errors.by_index.emplace(1, Error(ErrorCode::kInvalidRecord));
  errors.others = Error(ErrorCode::kKafkaException, "shared a batch with invalid records");
  CHECK(batch->complete_exceptionally(errors, 0));
  CHECK(f.recorded.lines ==
        std::vector<std::string>{"a offset -1 time -1 sizes -1/-1 KafkaException",
                                 "b offset -1 time -1 sizes -1/-1 InvalidRecordException"});
}

TEST_CASE("a batch is completed once; what comes later is ignored") {
  BatchFixture f;
  const BatchPtr expired = f.batch();
  REQUIRE(f.append(*expired, "a"));
  CHECK(expired->complete_exceptionally(Error(ErrorCode::kTimeout), 0));
  CHECK_FALSE(expired->complete(5, kNoTimestamp, 0));
  CHECK_FALSE(expired->complete_exceptionally(Error(ErrorCode::kNetworkException), 0));
  CHECK(expired->final_state() == ProducerBatch::FinalState::kFailed);
  const BatchPtr stored = f.batch();
  CHECK(stored->complete(5, kNoTimestamp, 0));
  CHECK_FALSE(stored->complete(5, kNoTimestamp, 0));
  CHECK(f.recorded.lines.size() == 1);
}

TEST_CASE("an aborted batch fails its futures and callbacks once; what comes later is ignored") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  FutureRecordMetadata future;
  REQUIRE(f.append(*batch, "a", &future));
  CHECK_FALSE(batch->is_done());
  batch->abort(Error(ErrorCode::kTransactionAborted), 0);
  CHECK(batch->final_state() == ProducerBatch::FinalState::kAborted);
  REQUIRE(future.is_done());
  CHECK(future.get().error().code == ErrorCode::kTransactionAborted);
  CHECK_FALSE(batch->complete(5, kNoTimestamp, 0));
  CHECK_FALSE(batch->complete_exceptionally(Error(ErrorCode::kNetworkException), 0));
  CHECK(f.recorded.lines.size() == 1);
  CHECK(future.get().error().code == ErrorCode::kTransactionAborted);
  CHECK(dies([&] { batch->abort(Error(ErrorCode::kTimeout), 0); }));
}

TEST_CASE("a batch that is closed for appends takes no record, although it has room") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  REQUIRE(f.append(*batch, "a"));
  CHECK_FALSE(batch->is_full());
  batch->close_for_record_appends(0);
  CHECK(batch->is_full());
  CHECK_FALSE(f.append(*batch, "b"));
  CHECK(batch->record_count() == 1);
  CHECK(batch->is_writable());  // the header is still to be written
}

TEST_CASE("interceptors see an acknowledgement before the callback, with the record's headers") {
  struct Watch final : Interceptor {
    Recorded* recorded;
    void on_acknowledgement(const Acknowledgement&, std::span<const RecordHeader> headers) override {
      std::string line = "interceptor";
      for (const RecordHeader& header : headers) {
        line += " " + std::string(header.key) + "=" +
                (header.value ? std::string(as_text(*header.value)) : "null");
      }
      recorded->lines.push_back(line);
    }
  };
  BatchFixture f;
  Interceptors chain;
  auto watch = std::make_unique<Watch>();
  watch->recorded = &f.recorded;
  chain.push_back(std::move(watch));
  const BatchPtr batch = f.batch(1000, &chain);
  {
    std::string key = "trace";  // gone when the acknowledgement comes
    const std::vector<RecordHeader> headers = {{key, as_bytes("7")}, {key, std::nullopt}};
    AppendRequest request;
    request.headers = headers;
    REQUIRE(batch->try_append(request, 0) == wire::AppendResult::kAppended);
  }
  REQUIRE(f.append(*batch, "b"));
  CHECK(batch->complete(0, kNoTimestamp, 0));
  CHECK(f.recorded.lines == std::vector<std::string>{"interceptor trace=7 trace=null", "interceptor",
                                                     "b offset 1 time 1000 sizes -1/10"});
}

TEST_CASE("attempts, waits and leader epochs") {
  BatchFixture f;
  const BatchPtr batch = f.batch();
  CHECK(batch->waited_ms(499) == 0);
  CHECK(batch->waited_ms(530) == 30);
  CHECK_FALSE(batch->has_leader_changed_for_the_ongoing_retry());
  batch->maybe_update_leader_epoch(4);
  batch->reenqueued(700);
  CHECK(batch->attempts() == 1);
  CHECK(batch->in_retry());
  CHECK(batch->waited_ms(710) == 10);
  batch->maybe_update_leader_epoch(4);
  CHECK_FALSE(batch->has_leader_changed_for_the_ongoing_retry());
  batch->maybe_update_leader_epoch(5);
  CHECK(batch->has_leader_changed_for_the_ongoing_retry());
  batch->reenqueued(650);  // a clock that went back
  CHECK(batch->waited_ms(710) == 10);
  CHECK_FALSE(batch->has_leader_changed_for_the_ongoing_retry());
  CHECK(batch->has_reached_delivery_timeout(100, 600));
  CHECK_FALSE(batch->has_reached_delivery_timeout(100, 599));
  CHECK_FALSE(batch->has_reached_delivery_timeout(100, 0));
}

TEST_CASE("the first record is always taken, and then the capacity decides") {
  BatchFixture f;
  const BatchPtr batch = f.batch(64);
  CHECK(f.append(*batch, "large", nullptr, 500));
  CHECK(batch->is_full());
  CHECK_FALSE(f.append(*batch, "small", nullptr, 0));
  CHECK(batch->initial_capacity() == 64);
}

TEST_CASE("a split hands the records on in order, futures follow them, callbacks run once") {
  BatchFixture f;
  const BatchPtr big = f.batch(1000);
  std::vector<FutureRecordMetadata> futures(6);
  for (std::size_t i = 0; i < futures.size(); ++i)
    REQUIRE(f.append(*big, "r" + std::to_string(i), &futures[i], 60));
  REQUIRE(big->set_producer_state({7, 2}, 100, false).ok());
  REQUIRE(big->close(f.estimator, 0).ok());

  const std::vector<BatchPtr> children = big->split(220, f.estimator, f.last_id, 0);
  REQUIRE(children.size() == 3);
  CHECK(f.recorded.lines.empty());
  CHECK(big->result()->completed());
  CHECK(big->final_state() == ProducerBatch::FinalState::kNone);
  std::int32_t sequence = 100;
  for (const BatchPtr& child : children) {
    CHECK(child->is_split_batch());
    CHECK(child->is_full());
    CHECK(child->created_ms() == 500);
    CHECK(child->attempts() == 0);
    CHECK(child->base_sequence() == sequence);
    CHECK(child->producer_id() == 7);
    sequence += child->record_count();
  }
  CHECK(sequence == 106);
  CHECK_FALSE(futures[0].is_done());
  CHECK(children[1]->complete(500, kNoTimestamp, 0));
  CHECK_FALSE(futures[0].is_done());
  REQUIRE(futures[2].is_done());
  CHECK(futures[2].get()->offset == 500);
  CHECK(futures[3].get()->offset == 501);
  CHECK(children[0]->complete_exceptionally(Error(ErrorCode::kTimeout), 0));
  REQUIRE(futures[1].is_done());
  CHECK(futures[1].get().error().code == ErrorCode::kTimeout);
  CHECK(f.recorded.lines.size() == 4);
  CHECK(f.recorded.lines.front().substr(0, 2) == "r2");
}

TEST_CASE("the parts of a split batch keep its records' headers, its codec and its format") {
  const auto codec = static_cast<wire::CompressionType>(GENERATE(range(0, wire::kCompressionTypes)));
  BatchFixture f;
  const BatchPtr big = f.batch(4000, nullptr, codec);
  const std::string value(100, 'v');
  for (int i = 0; i < 20; ++i) {
    const std::string name = "record " + std::to_string(i);
    const RecordHeader headers[] = {{"name", as_bytes(name)}, {"none", std::nullopt}};
    AppendRequest request;
    request.value = as_bytes(value);
    request.headers = headers;
    REQUIRE(big->try_append(request, 0) == wire::AppendResult::kAppended);
  }
  REQUIRE(big->close(f.estimator, 0).ok());

  const std::vector<BatchPtr> parts = big->split(400, f.estimator, f.last_id, 0);
  REQUIRE(parts.size() > 1);
  int number = 0;
  for (const BatchPtr& part : parts) {
    REQUIRE(part->close(f.estimator, 0).ok());
    const wire::RecordBatchView view = *wire::RecordBatchView::parse(part->records());
    CHECK(view.validate().ok());
    CHECK(view.header().codec() == static_cast<int>(codec));
    CHECK(view.header().base_offset == 0);
    CHECK(view.header().record_count == part->record_count());
    std::vector<std::byte> storage;
    wire::RecordIterator records(view.header(), *view.record_bytes(storage));
    for (wire::RecordView record; records.next(record); ++number) {
      const std::vector<RecordHeader> headers = record.headers();
      REQUIRE(headers.size() == 2);
      CHECK(headers[0].key == "name");
      CHECK(as_text(*headers[0].value) == "record " + std::to_string(number));
      CHECK(headers[1].key == "none");
      CHECK_FALSE(headers[1].value.has_value());
    }
    part->abort(Error(ErrorCode::kTimeout), 0);
  }
  CHECK(number == 20);
}

TEST_CASE("a batch whose sequence changed on its way is split with the new one") {
  BatchFixture f;
  const BatchPtr big = f.batch(1000);
  for (int i = 0; i < 4; ++i) REQUIRE(f.append(*big, "r", nullptr, 60));
  REQUIRE(big->set_producer_state({7, 2}, 100, false).ok());
  REQUIRE(big->close(f.estimator, 0).ok());
  big->reset_producer_state({7, 3}, 0);  // the epoch was raised while it was in flight
  CHECK_FALSE(big->is_closed());

  big->rewrite_if_reset();
  const std::vector<BatchPtr> children = big->split(220, f.estimator, f.last_id, 0);
  REQUIRE(children.size() == 2);
  CHECK(children[0]->producer_epoch() == 3);
  CHECK(children[0]->base_sequence() == 0);
  CHECK(children[1]->base_sequence() == children[0]->record_count());
  for (const BatchPtr& child : children) child->abort(Error(ErrorCode::kTimeout), 0);
}

TEST_CASE("a part may be split again, down to single records") {
  BatchFixture f;
  const BatchPtr big = f.batch(1000);
  std::vector<FutureRecordMetadata> futures(4);
  for (FutureRecordMetadata& future : futures) REQUIRE(f.append(*big, "r", &future, 60));
  REQUIRE(big->close(f.estimator, 0).ok());
  const std::vector<BatchPtr> halves = big->split(220, f.estimator, f.last_id, 0);
  REQUIRE(halves.size() == 2);
  REQUIRE(halves[1]->close(f.estimator, 0).ok());
  CHECK(halves[1]->max_record_size() == 61 + 21 + 1 + 1 + 60 + 1);
  const std::vector<BatchPtr> singles = halves[1]->split(1, f.estimator, f.last_id, 0);
  REQUIRE(singles.size() == 2);
  CHECK(singles[1]->complete(9, kNoTimestamp, 0));
  CHECK_FALSE(futures[2].is_done());
  REQUIRE(futures[3].is_done());
  CHECK(futures[3].get()->offset == 9);
  CHECK(big->result()->parts().size() == 2);
  CHECK(halves[1]->result()->parts().size() == 2);
}

TEST_CASE("who waits for a future is woken when the latch opens, and again for the part after a split") {
  BatchFixture f;
  CountingWaiter waiter;
  const BatchPtr big = f.batch(1000);
  FutureRecordMetadata future;
  REQUIRE(f.append(*big, "a", &future, 60));
  CHECK_FALSE(future.await(waiter));
  REQUIRE(big->close(f.estimator, 0).ok());
  const std::vector<BatchPtr> children = big->split(10, f.estimator, f.last_id, 0);
  CHECK(waiter.wakes == 1);
  CHECK_FALSE(future.await(waiter));
  CHECK(children[0]->complete(3, kNoTimestamp, 0));
  CHECK(waiter.wakes == 2);
  CHECK(future.await(waiter));
  CHECK(future.get()->offset == 3);
}

TEST_CASE("a future that is given up leaves the latch; one that failed at once is done") {
  BatchFixture f;
  CountingWaiter waiter;
  const BatchPtr batch = f.batch();
  {
    FutureRecordMetadata future;
    AppendRequest request;
    request.future = &future;
    REQUIRE(batch->try_append(request, 0) == wire::AppendResult::kAppended);
    CHECK_FALSE(future.await(waiter));
  }
  CHECK_FALSE(waiter.linked());
  CHECK(batch->complete(0, kNoTimestamp, 0));
  CHECK(waiter.wakes == 0);
  FutureRecordMetadata failed;
  CHECK_FALSE(failed.valid());
  failed.fail(Error(ErrorCode::kBufferExhausted));
  CHECK(failed.await(waiter));
  CHECK(failed.get().error().code == ErrorCode::kBufferExhausted);
}
