// send(): what it does at once, what it waits for, and which error goes where.
#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

struct RefusingSerializer final : Serializer {
  std::string_view name() const override { return "refusing"; }
  Result<std::optional<Bytes>> serialize(std::string_view, std::optional<Bytes>, std::string&) override {
    return Error(ErrorCode::kSerialization, "not today");
  }
};

struct NegativePartitioner final : Partitioner {
  PartitionId partition(std::string_view, std::optional<Bytes>, std::optional<Bytes>,
                        const Cluster&) override {
    return -5;
  }
};

struct SpyInterceptor final : Interceptor {
  explicit SpyInterceptor(std::vector<std::string>& log_) : log(log_) {}
  void on_send(Record&) override { log.push_back("send"); }
  void on_acknowledgement(const Acknowledgement& acknowledgement, std::span<const RecordHeader>) override {
    log.push_back(acknowledgement.error ? std::string(error_row(acknowledgement.error->code).name) : "ok");
  }
  std::vector<std::string>& log;
};

ErrorCode code_of(const SendOp& op) { return op.result().error ? op.result().error->code : ErrorCode::kNone; }

}  // namespace

TEST_CASE("a record travels from send() to its callback") {
  ProducerFixture f;
  f.warm_up();
  auto& sent = f.send("a", 1);
  REQUIRE(sent.op->result().status == SendStatus::kAccepted);
  CHECK(sent.op->result().partition == 1);
  CHECK(f.outcomes().empty());
  f.advance(2);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("the first send of a topic waits for metadata and goes on when it comes") {
  ProducerFixture f;
  auto& sent = f.send("a");
  CHECK(sent.op->blocked_on() == BlockReason::kMetadata);
  CHECK(sent.op->deadline() == f.now_ + ms(60'000));
  CHECK(f.sender_waiter_.wakes > 0);
  f.advance_until([&] { return sent.waiter.wakes > 0; }, 100);
  CHECK(f.go_on(sent) == Step::kDone);
  CHECK(sent.op->result().status == SendStatus::kAccepted);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::metadata_wait_began) == 1);
  CHECK(f.count(events, EventKind::metadata_wait_ended) == 1);
  CHECK(f.count(events, EventKind::record_completed) == 1);
}

TEST_CASE("a topic that does not come in max.block.ms fails the future and runs the callback") {
  ProducerFixture f(Texts{{"max.block.ms", "50"}});
  f.warm_up();
  auto& sent = f.send("a", 0, 10, "nowhere");
  CHECK(sent.op->blocked_on() == BlockReason::kMetadata);
  f.advance(49);
  CHECK(f.go_on(sent) == Step::kBlocked);
  f.advance(1);
  REQUIRE(f.go_on(sent) == Step::kDone);
  CHECK(sent.op->result().status == SendStatus::kFailed);
  CHECK(sent.op->result().error->message.find("nowhere") != std::string::npos);
  CHECK(sent.op->result().error->message.find("50 ms") != std::string::npos);
  CHECK(f.outcomes() == "a:TIMEOUT");
}

TEST_CASE("a partition out of range waits for metadata and then fails, naming the partition") {
  ProducerFixture f;
  f.warm_up();
  auto& sent = f.send("a", 7);
  CHECK(sent.op->blocked_on() == BlockReason::kMetadata);
  f.advance(60'001);
  REQUIRE(f.go_on(sent) == Step::kDone);
  CHECK(code_of(*sent.op) == ErrorCode::kTimeout);
  CHECK(sent.op->result().error->message.find("Partition 7 of topic orders") == 0);
  CHECK(f.outcomes() == "a:TIMEOUT");
}

TEST_CASE("a full pool makes send() wait in line; its time-out is an ApiException") {
  ProducerFixture f(
      {{"buffer.memory", "1024"}, {"batch.size", "1024"}, {"max.block.ms", "30"}, {"linger.ms", "1000"}});
  f.warm_up();
  f.send("a", 0);
  auto& late = f.send("b", 1);
  CHECK(late.op->blocked_on() == BlockReason::kMemory);
  f.broker_.holds_answers = true;
  f.advance(30);
  REQUIRE(f.go_on(late) == Step::kDone);
  CHECK(late.op->result().status == SendStatus::kFailed);
  CHECK(code_of(*late.op) == ErrorCode::kBufferExhausted);
  CHECK(f.outcomes() == "b:BUFFER_EXHAUSTED");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::memory_wait_began) == 1);
  CHECK(f.count(events, EventKind::memory_wait_ended) == 1);
  f.broker_.release();
  f.advance(5);
  CHECK(f.outcomes() == "b:BUFFER_EXHAUSTED a:ok");
}

TEST_CASE("memory that comes back in time lets the waiting send through") {
  ProducerFixture f(Texts{{"buffer.memory", "1024"}, {"batch.size", "1024"}});
  f.warm_up();
  f.send("a", 0);
  auto& second = f.send("b", 1);
  CHECK(second.op->blocked_on() == BlockReason::kMemory);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
  CHECK(second.op->signalled());
  REQUIRE(f.go_on(second) == Step::kDone);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a record larger than max.request.size or buffer.memory fails the future") {
  ProducerFixture f(Texts{{"max.request.size", "500"}});
  f.warm_up();
  auto& sent = f.send("a", 0, 600);
  CHECK(sent.op->result().status == SendStatus::kFailed);
  CHECK(code_of(*sent.op) == ErrorCode::kRecordTooLarge);
  CHECK(f.outcomes() == "a:RECORD_TOO_LARGE");

  ProducerFixture small(Texts{{"buffer.memory", "400"}, {"batch.size", "100"}});
  small.warm_up();
  CHECK(code_of(*small.send("a", 0, 600).op) == ErrorCode::kRecordTooLarge);
}

TEST_CASE("what Java throws does not run the callback") {
  SECTION("a serializer's refusal") {
    ProducerPlugins plugins;
    plugins.value_serializer = std::make_unique<RefusingSerializer>();
    ProducerFixture f({}, std::move(plugins));
    f.warm_up();
    auto& sent = f.send("a");
    CHECK(sent.op->result().status == SendStatus::kThrown);
    CHECK(code_of(*sent.op) == ErrorCode::kSerialization);
    CHECK(f.outcomes().empty());
  }
  SECTION("a partitioner's negative answer") {
    ProducerPlugins plugins;
    plugins.partitioner = std::make_unique<NegativePartitioner>();
    ProducerFixture f({}, std::move(plugins));
    f.warm_up();
    auto& sent = f.send("a", kUnknownPartition);
    CHECK(sent.op->result().status == SendStatus::kThrown);
    CHECK(code_of(*sent.op) == ErrorCode::kIllegalArgument);
    CHECK(f.outcomes().empty());
  }
  SECTION("a closed producer") {
    ProducerFixture f;
    f.warm_up();
    f.producer_->sender().initiate_close(f.now_);
    auto& sent = f.send("a");
    CHECK(sent.op->result().status == SendStatus::kThrown);
    CHECK(code_of(*sent.op) == ErrorCode::kIllegalState);
    CHECK(f.outcomes().empty());
  }
}

TEST_CASE("a producer that closes while send() waits throws a plain KafkaException") {
  SECTION("for metadata") {
    ProducerFixture f;
    f.warm_up();
    auto& sent = f.send("a", 0, 10, "nowhere");
    f.producer_->sender().force_close(f.now_);
    f.run();
    REQUIRE(f.producer_->sender().exited());
    CHECK(sent.waiter.wakes > 0);
    REQUIRE(f.go_on(sent) == Step::kDone);
    CHECK(sent.op->result().status == SendStatus::kThrown);
    CHECK(code_of(*sent.op) == ErrorCode::kKafkaException);
  }
  SECTION("for memory") {
    ProducerFixture f(Texts{{"buffer.memory", "1024"}, {"batch.size", "1024"}, {"linger.ms", "1000"}});
    f.warm_up();
    f.send("a", 0);
    auto& sent = f.send("b", 1);
    REQUIRE(sent.op->blocked_on() == BlockReason::kMemory);
    f.producer_->sender().initiate_close(f.now_);
    REQUIRE(f.go_on(sent) == Step::kDone);
    CHECK(sent.op->result().status == SendStatus::kThrown);
    CHECK(code_of(*sent.op) == ErrorCode::kKafkaException);
    CHECK(f.outcomes().empty());
  }
}

TEST_CASE("interceptors see every record once and every outcome, before the callback when it was sent") {
  std::vector<std::string> log;
  ProducerPlugins plugins;
  plugins.interceptors.push_back(std::make_unique<SpyInterceptor>(log));
  ProducerFixture f(Texts{{"max.request.size", "500"}}, std::move(plugins));
  f.warm_up();
  Record record;
  record.topic = "orders";
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kWouldBlock);
  CHECK(log.empty());
  f.send("a");
  f.send("b", 0, 600);
  f.advance(2);
  CHECK(log == std::vector<std::string>{"send", "send", "RECORD_TOO_LARGE", "ok"});
}

TEST_CASE("try_send does the same as send, or nothing") {
  ProducerFixture f(Texts{{"buffer.memory", "1024"}, {"batch.size", "1024"}, {"linger.ms", "1000"}});
  Record record;
  record.topic = "orders";
  record.partition = 0;
  const std::string value(800, 'v');
  record.value = as_bytes(value);
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kWouldBlock);  // no metadata
  f.warm_up();
  f.events();
  FutureRecordMetadata future;
  REQUIRE(f.producer_->try_send(record, {}, f.now_, 0, &future) == SendStatus::kAccepted);
  CHECK(future.valid());
  const auto before = f.producer_->accumulator().queues();
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kWouldBlock);  // no memory
  const auto events = f.events();
  CHECK(f.count(events, EventKind::send_called) == 1);
  CHECK(f.count(events, EventKind::batch_closed) == 0);
  // The batch was left open: what still fits in it goes in.
  const std::string small(10, 'v');
  record.value = as_bytes(small);
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kAccepted);
  CHECK(f.producer_->accumulator().queues().front().records == std::vector<std::int32_t>{2});
  // The ids of records have no gap where nothing happened.
  std::vector<std::uint64_t> ids;
  for (const Event& event : f.events())
    if (event.kind == EventKind::record_appended) ids.push_back(event.subject);
  CHECK(ids == std::vector<std::uint64_t>{2});
}

TEST_CASE("a call is told before the batch it opens and the record it appends") {
  ProducerFixture f;
  f.warm_up();
  f.events();
  Record record;
  record.topic = "orders";
  record.partition = 0;
  REQUIRE(f.producer_->try_send(record, {}, f.now_, 3) == SendStatus::kAccepted);
  std::vector<EventKind> kinds;
  for (const Event& event : f.events()) {
    if (event.kind == EventKind::send_called || event.kind == EventKind::batch_opened ||
        event.kind == EventKind::record_appended)
      kinds.push_back(event.kind);
  }
  CHECK(kinds == std::vector{EventKind::send_called, EventKind::batch_opened, EventKind::record_appended});
}

TEST_CASE("a key decides the partition unless the configuration ignores keys; the record's own wins") {
  ProducerFixture f;
  f.warm_up();
  Record record;
  record.topic = "orders";
  record.key = as_bytes("21");
  const PartitionId expected = partition_for_key(as_bytes("21"), 2);
  FutureRecordMetadata future;
  REQUIRE(f.producer_->try_send(record, {}, f.now_, 0, &future) == SendStatus::kAccepted);
  CHECK(future.batch_result()->topic_partition().partition == expected);
  record.partition = 1 - expected;
  REQUIRE(f.producer_->try_send(record, {}, f.now_, 0, &future) == SendStatus::kAccepted);
  CHECK(future.batch_result()->topic_partition().partition == 1 - expected);
}

// Of the thread's events since the last look: the kinds, in the order told.
TEST_CASE("a send is told before what it brings about, whichever way it goes, and once") {
  ProducerFixture f(Texts{{"batch.size", "200"}, {"buffer.memory", "400"}, {"linger.ms", "60000"}});
  f.warm_up();
  f.events();
  const std::string value(100, 'v');
  Record record;
  record.topic = "orders";
  record.partition = 0;
  record.value = as_bytes(value);
  const auto told = [&f] {
    std::vector<EventKind> kinds;
    for (const Event& event : f.events()) {
      if (event.kind != EventKind::partition_named) kinds.push_back(event.kind);
    }
    return kinds;
  };
  using enum EventKind;
  const std::vector<EventKind> first = {send_called, memory_allocated, batch_opened, record_appended};
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kAccepted);
  CHECK(told() == first);
  // The second finds no room in the batch, and closes it.
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kAccepted);
  CHECK(told() == std::vector<EventKind>{send_called, memory_allocated, batch_closed, batch_opened,
                                         record_appended});
  // The third finds no memory: nothing has happened, until it is sent in the way that waits.
  CHECK(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kWouldBlock);
  CHECK(told().empty());
  auto& waits = f.send("w", 0, 100);
  CHECK(waits.op->blocked_on() == BlockReason::kMemory);
  CHECK(told() == std::vector<EventKind>{send_called, batch_closed, memory_wait_began});
}
