// What the application brings along: interceptors, serializers, a partitioner. Whose they are and what they
// see.
#include "core/base/prng.h"
#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/producer_fixture.h"
#include "tests/support/dies.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

// Notes its own end.
struct Mortal {
  explicit Mortal(int& alive_) : alive(alive_) { ++alive; }
  ~Mortal() { --alive; }
  Mortal(const Mortal&) = delete;
  Mortal& operator=(const Mortal&) = delete;
  int& alive;
};

struct MortalInterceptor final : Interceptor, Mortal {
  using Mortal::Mortal;
};

struct MortalPartitioner final : Partitioner, Mortal {
  using Mortal::Mortal;
  PartitionId partition(std::string_view, std::optional<Bytes>, std::optional<Bytes>,
                        const Cluster&) override {
    return 1;
  }
};

// Puts a sign before the bytes.
struct MarkingSerializer final : Serializer, Mortal {
  MarkingSerializer(int& alive_, char sign_) : Mortal(alive_), sign(sign_) {}
  std::string_view name() const override { return "marking"; }
  Result<std::optional<Bytes>> serialize(std::string_view, std::optional<Bytes> data,
                                         std::string& scratch) override {
    scratch = sign;
    if (data) scratch += as_text(*data);
    return std::optional<Bytes>(as_bytes(scratch));
  }
  const char sign;
};

ProducerPlugins mortal_plugins(int& alive) {
  ProducerPlugins plugins;
  for (int i = 0; i < 2; ++i) plugins.interceptors.push_back(std::make_unique<MortalInterceptor>(alive));
  plugins.key_serializer = std::make_unique<MarkingSerializer>(alive, 'k');
  plugins.value_serializer = std::make_unique<MarkingSerializer>(alive, 'v');
  plugins.partitioner = std::make_unique<MortalPartitioner>(alive);
  return plugins;
}

struct WatchingInterceptor final : Interceptor {
  explicit WatchingInterceptor(std::vector<std::string>& log_) : log(log_) {}
  void on_acknowledgement(const Acknowledgement& ack, std::span<const RecordHeader> headers) override {
    std::string line = std::string(ack.metadata.topic) + "/" + std::to_string(ack.metadata.partition) + "@" +
                       std::to_string(ack.metadata.offset) + " t" +
                       std::to_string(ack.metadata.timestamp_ms) + " " +
                       (ack.error ? std::string(error_row(ack.error->code).name) : "ok");
    for (const RecordHeader& header : headers) line += " " + std::string(header.key);
    log.push_back(line);
  }
  std::vector<std::string>& log;
};

// A send with a header, whose callback notes what it was told.
struct WatchedSend {
  ProducerFixture& f;
  std::vector<std::string> told;

  SendResult run(std::string_view topic, PartitionId partition, std::size_t size) {
    const std::string value(size, 'v');
    const RecordHeader headers[] = {{"trace", std::nullopt}};
    Record record;
    record.topic = topic;
    record.partition = partition;
    record.value = as_bytes(value);
    record.headers = headers;
    CountingWaiter waiter;
    SendOp op(*f.producer_, record, {&WatchedSend::note, this}, 0, waiter);
    for (int i = 0; i < 1'000 && op.advance(f.now_) != Step::kDone; ++i) f.advance(1);
    return op.result();
  }
  static void note(void* context, const Acknowledgement& ack) {
    static_cast<WatchedSend*>(context)->told.push_back(
        std::string(ack.metadata.topic) + "/" + std::to_string(ack.metadata.partition) + "@" +
        std::to_string(ack.metadata.offset) + " sizes " + std::to_string(ack.metadata.serialized_key_size) +
        "," + std::to_string(ack.metadata.serialized_value_size));
  }
};

}  // namespace

TEST_CASE("plug-ins belong to the producer and end with it, whether it could be built or not") {
  int alive = 0;
  {
    ProducerFixture f({}, mortal_plugins(alive));
    CHECK(alive == 5);
    f.warm_up();
    CountingWaiter waiter;
    CloseOp close(*f.producer_, 0, waiter, ms(100));
    CHECK(close.advance(f.now_) == Step::kBlocked);
    f.run();
    CHECK(close.advance(f.now_) == Step::kDone);
    CHECK(alive == 5);
  }
  CHECK(alive == 0);

  MemoryBroker broker({});
  EventSink sink(16);
  ScriptedRandom random;
  ProducerConfig nowhere;
  CHECK_FALSE(Producer::create(nowhere, {broker, sink, random, nullptr, 0}, mortal_plugins(alive), 0).ok());
  CHECK(alive == 0);
}

TEST_CASE("serializers that are given come before those the configuration names") {
  int alive = 0;
  std::string key, value;
  ProducerPlugins plugins;
  plugins.key_serializer = std::make_unique<MarkingSerializer>(alive, '<');
  plugins.value_serializer = std::make_unique<MarkingSerializer>(alive, '>');
  ProducerFixture f({{"key.serializer", "IntegerSerializer"}, {"value.serializer", "LongSerializer"}},
                    std::move(plugins));
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData& sent,
                          wire::ProducePartitionResponse&) {
    const wire::RecordBatchView batch = *wire::RecordBatchView::parse(*sent.records);
    wire::RecordIterator records(batch.header(), batch.payload());
    wire::RecordView record;
    REQUIRE(records.next(record));
    key = as_text(*record.key);
    value = as_text(*record.value);
  };
  f.warm_up();
  Record record;
  record.topic = "orders";
  record.key = as_bytes("key");
  record.value = as_bytes("value");
  REQUIRE(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kAccepted);
  f.advance(5);
  CHECK(key == "<key");
  CHECK(value == ">value");
}

TEST_CASE("a failed send tells interceptor and callback once each: topic and partition, else placeholders") {
  struct Case {
    const char* topic;
    PartitionId partition;
    std::size_t size;
    const char* error;
  };
  const auto [topic, partition, size, error] = GENERATE(values<Case>({
      {"orders", 1, 600, "RECORD_TOO_LARGE"},
      {"orders", kUnknownPartition, 600, "RECORD_TOO_LARGE"},
      {"topic abc", kUnknownPartition, 10, "INVALID_TOPIC_EXCEPTION"},
      {"topic abc", 0, 10, "INVALID_TOPIC_EXCEPTION"},
  }));
  std::vector<std::string> log;
  ProducerPlugins plugins;
  plugins.interceptors.push_back(std::make_unique<WatchingInterceptor>(log));
  ProducerFixture f(Texts{{"max.request.size", "500"}}, std::move(plugins));
  f.broker_.topic_errors["topic abc"] = ErrorCode::kInvalidTopic;
  f.warm_up();
  WatchedSend send{f, {}};
  CHECK(send.run(topic, partition, size).status == SendStatus::kFailed);
  const std::string place = std::string(topic) + "/" + std::to_string(partition) + "@-1";
  CHECK(log == std::vector<std::string>{place + " t-1 " + error + " trace"});
  CHECK(send.told == std::vector<std::string>{place + " sizes -1,-1"});
}

TEST_CASE("interceptors get the headers back with a success, as a view they cannot change") {
  std::vector<std::string> log;
  ProducerPlugins plugins;
  plugins.interceptors.push_back(std::make_unique<WatchingInterceptor>(log));
  ProducerFixture f({}, std::move(plugins));
  f.warm_up();
  WatchedSend send{f, {}};
  CHECK(send.run("orders", 1, 10).status == SendStatus::kAccepted);
  f.advance(5);
  REQUIRE(log.size() == 1);
  CHECK(log[0].find("orders/1@") == 0);
  CHECK(log[0].find(" ok trace") != std::string::npos);
}

TEST_CASE("a partitioner that is given decides, and sees no record that names its partition") {
  int alive = 0;
  ProducerPlugins plugins;
  plugins.partitioner = std::make_unique<MortalPartitioner>(alive);
  ProducerFixture f({}, std::move(plugins));
  f.warm_up();
  CHECK(f.send("chosen", kUnknownPartition).op->result().partition == 1);
  CHECK(f.send("named", 0).op->result().partition == 0);
}

TEST_CASE(
    "what the configuration names by class is made: serializers that check, a partitioner that counts") {
  ProducerFixture f({{"key.serializer", "org.apache.kafka.common.serialization.IntegerSerializer"},
                     {"value.serializer", "ByteArraySerializer"},
                     {"partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner"}});
  f.warm_up();
  std::vector<PartitionId> partitions;
  for (const char* name : {"a", "b", "c"})
    partitions.push_back(f.send(name, kUnknownPartition).op->result().partition);
  CHECK(partitions[0] != partitions[1]);
  CHECK(partitions[0] == partitions[2]);

  ProducerFixture plain(Texts{{"key.serializer", "IntegerSerializer"}});
  plain.warm_up();
  Record record;
  record.topic = "orders";
  record.key = as_bytes("no int");
  FutureRecordMetadata future;
  CHECK(plain.producer_->try_send(record, {}, plain.now_, 0, &future) == SendStatus::kThrown);
  REQUIRE(future.is_done());
  CHECK(future.get().error().code == ErrorCode::kSerialization);
  plain.producer_->sender().initiate_close(plain.now_);
  CHECK(plain.producer_->try_send(record, {}, plain.now_, 0, &future) == SendStatus::kThrown);
  CHECK(future.get().error().code == ErrorCode::kIllegalState);
}

TEST_CASE("codec and level of the configuration are those of the batches") {
  struct Case {
    const char* codec;
    const char* key;  // of the level
    const char* low;
    const char* high;
  };
  const auto [codec, key, low, high] = GENERATE(values<Case>({
      {"gzip", "compression.gzip.level", "1", "9"},
      {"lz4", "compression.lz4.level", "1", "17"},
      {"zstd", "compression.zstd.level", "1", "19"},
  }));
  std::string value;
  Prng prng(11);
  for (int i = 0; i < 3'000; ++i) value += std::to_string(prng.below(50)) + " words, ";
  std::vector<std::size_t> sizes;
  for (const char* level : {low, high}) {
    ProducerFixture f(Texts{{"compression.type", codec}, {key, level}});
    f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData& sent,
                            wire::ProducePartitionResponse&) {
      const wire::RecordBatchView batch = *wire::RecordBatchView::parse(*sent.records);
      CHECK(batch.header().codec() == static_cast<int>(*wire::find_compression(codec)));
      sizes.push_back(batch.size());
    };
    f.warm_up();
    Record record;
    record.topic = "orders";
    record.value = as_bytes(value);
    REQUIRE(f.producer_->try_send(record, {}, f.now_, 0) == SendStatus::kAccepted);
    f.advance(5);
  }
  REQUIRE(sizes.size() == 2);
  CHECK(sizes[1] < sizes[0]);
}

TEST_CASE("a second close finds the work done; a negative time-out is refused") {
  ProducerFixture f;
  f.warm_up();
  f.send("a");
  for (int i = 0; i < 2; ++i) {
    CountingWaiter waiter;
    CloseOp close(*f.producer_, 0, waiter, ms(1'000));
    const Step first = close.advance(f.now_);
    CHECK(first == (i == 0 ? Step::kBlocked : Step::kDone));
    f.advance(5);
    CHECK(close.advance(f.now_) == Step::kDone);
  }
  CHECK(f.outcomes() == "a:ok");
  CountingWaiter waiter;
  CHECK(dies([&] { CloseOp close(*f.producer_, 0, waiter, -1); }));
}
