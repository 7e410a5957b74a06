// What differs between generations of Kafka's client: every row of the table, shown on both sides of its
// change.
#include "tests/core/producer/transaction_fixture.h"

namespace sendscope {
namespace {

using namespace sendscope::testing;

const Profile& old() { return *find_profile("kafka-3.9"); }
const Profile& named(const char* name) { return *find_profile(name); }

Result<ProducerConfig> parse(Texts texts, const Profile& profile) {
  texts.emplace("bootstrap.servers", "memory:9092");
  return ProducerConfig::parse(texts, nullptr, 1, true, profile);
}

// The version of the oldest request in flight to the node.
std::int16_t version_in_flight(ProducerFixture& p, NodeId node) {
  const auto& by_node = p.producer_->client().in_flight().by_node();
  const auto found = by_node.find(node);
  REQUIRE(found != by_node.end());
  REQUIRE_FALSE(found->second.empty());
  return found->second.front().version;
}

struct HeaderCounter final : Interceptor {
  explicit HeaderCounter(std::size_t& count_) : count(count_) {}
  void on_acknowledgement(const Acknowledgement&, std::span<const RecordHeader> headers) override {
    count += headers.size();
  }
  std::size_t& count;
};

// Headers seen with the acknowledgement of one record that has two, and of one that is refused at once.
std::size_t headers_acknowledged(const Profile& profile) {
  std::size_t count = 0;
  ProducerPlugins plugins;
  plugins.interceptors.push_back(std::make_unique<HeaderCounter>(count));
  ProducerFixture p(Texts{{"max.request.size", "1000"}}, std::move(plugins), 1, profile);
  p.warm_up();
  const std::vector<RecordHeader> headers{{"a", as_bytes("1")}, {"b", as_bytes("2")}};
  const std::string large(2'000, 'x');
  for (const std::string_view value : {std::string_view("v"), std::string_view(large)}) {
    Record record;
    record.topic = "orders";
    record.partition = 0;
    record.value = as_bytes(value);
    record.headers = headers;
    CountingWaiter waiter;
    SendOp op(*p.producer_, record, {}, 0, waiter);
    p.complete(op);
  }
  p.advance(20);
  return count;
}

// A batch of four records at a broker that takes single ones only.
std::string outcome_of_splitting(const Profile& profile) {
  ProducerFixture p(Texts{{"delivery.timeout.ms", "200"}, {"request.timeout.ms", "100"}}, {}, 1, profile);
  p.warm_up();
  p.broker_.verdict = [](const std::string&, const wire::ProducePartitionData& sent,
                         wire::ProducePartitionResponse& answer) {
    if (wire::RecordBatchView::parse(*sent.records).value().header().record_count > 1)
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kMessageTooLarge);
  };
  for (const char* name : {"a", "b", "c", "d"}) p.send(name, 0, 200);
  // One look a millisecond: what is split into itself is sent again at once, without end.
  for (int i = 0; i < 400; ++i) p.producer_->sender().run_once(p.now_ += ms(1));
  return p.outcomes();
}

double metric(ProducerFixture& p, std::string_view name) {
  for (const MetricValue& value : p.producer_->metrics(p.now_))
    if (value.name == name && value.tags.size() == 1) return std::get<double>(value.value);
  return -1;
}

}  // namespace

TEST_CASE("generations are found by name, and the newest is what is built without asking") {
  CHECK(profile_names() == "kafka-3.9, kafka-4.0, kafka-4.1 or kafka-4.3");
  CHECK(find_profile("kafka-1.0") == nullptr);
  CHECK(parse({}, newest_profile())->profile->name == "kafka-4.3");
  CHECK(ProducerConfig().profile == &newest_profile());
}

TEST_CASE("profile: linger.ms is 0 before 4.0, 5 since (KIP-1030)") {
  CHECK(parse({}, old())->linger_ms == 0);
  CHECK(parse({}, named("kafka-4.0"))->linger_ms == 5);
  CHECK(parse({{"linger.ms", "3"}}, old())->linger_ms == 3);
}

TEST_CASE("profile: metadata.recovery.strategy is none before 4.0 (KIP-1102)") {
  CHECK(parse({}, old())->metadata_recovery_strategy == "none");
  CHECK(parse({}, named("kafka-4.0"))->metadata_recovery_strategy == "rebootstrap");
}

TEST_CASE("profile: many requests in flight turn idempotence off in 3.9, and are refused since 4.0") {
  const Texts many{{"max.in.flight.requests.per.connection", "6"}};
  const Result<ProducerConfig> before = parse(many, old());
  REQUIRE(before.ok());
  CHECK_FALSE(before->enable_idempotence);
  CHECK_FALSE(parse(many, named("kafka-4.0")).ok());
  Texts wanted = many;
  wanted["enable.idempotence"] = "true";
  CHECK_FALSE(parse(wanted, old()).ok());
  Texts transactional = many;
  transactional["transactional.id"] = "id";
  CHECK_FALSE(parse(transactional, old()).ok());
  const Texts five{{"max.in.flight.requests.per.connection", "5"}};
  CHECK(parse(five, old())->enable_idempotence);
}

TEST_CASE("profile: lists are checked since 4.2 (KIP-1161)") {
  const Texts blank{{"bootstrap.servers", "memory:9092,,memory:9092"}};
  CHECK_FALSE(parse(blank, newest_profile()).ok());
  CHECK(parse(blank, named("kafka-4.1"))->bootstrap_servers ==
        std::vector<std::string>{"memory:9092", "memory:9092"});
  const Texts twice{{"bootstrap.servers", "memory:9092,memory:9092"}};
  CHECK(parse(twice, newest_profile())->bootstrap_servers == std::vector<std::string>{"memory:9092"});
  CHECK_FALSE(ProducerConfig::parse({}, nullptr).ok());
  const Result<ProducerConfig> none = ProducerConfig::parse({}, nullptr, 1, true, named("kafka-4.1"));
  REQUIRE(none.ok());
  CHECK(none->bootstrap_servers.empty());
  MemoryBroker broker({});
  EventSink sink{16};
  ScriptedRandom random;
  CHECK_FALSE(Producer::create(*none, {broker, sink, random, nullptr, 0}, {}, 0).ok());
}

TEST_CASE("profile: the versions of Produce and Metadata requests") {
  const auto [name, produce, metadata] = GENERATE(table<const char*, int, int>(
      {{"kafka-3.9", 11, 12}, {"kafka-4.0", 12, 13}, {"kafka-4.1", 13, 13}, {"kafka-4.3", 13, 13}}));
  ProducerFixture p({}, {}, 1, named(name));
  p.warm_up();
  p.broker_.holds_answers = true;
  p.send("a");
  p.run();
  CHECK(version_in_flight(p, 0) == produce);
  p.broker_.release();
  p.run();
  p.broker_.holds = {ApiKey::kMetadata};
  p.send("b", 0, 10, "elsewhere");
  p.advance(1);
  CHECK(version_in_flight(p, 0) == metadata);
}

TEST_CASE("profile: transactions of version 2 from 4.0 on (KIP-890)") {
  TransactionFixture before(2, {}, old());
  before.begin();
  CHECK_FALSE(before.txn().is_transaction_v2_enabled());
  TransactionFixture since(2, {}, named("kafka-4.0"));
  since.begin();
  CHECK(since.txn().is_transaction_v2_enabled());
}

TEST_CASE("profile: after a time without metadata the client starts over, since 4.0 (KIP-1102)") {
  const auto closed = [](const Profile& profile) {
    ProducerFixture p(Texts{{"metadata.recovery.rebootstrap.trigger.ms", "50"},
                            {"metadata.recovery.strategy", "rebootstrap"},
                            {"enable.idempotence", "false"}},
                      {}, 1, profile);
    p.broker_.holds = {ApiKey::kMetadata};
    p.send("a");
    for (int i = 0; i < 100; ++i) {
      p.now_ += ms(1);
      p.run();
    }
    return metric(p, "connection-close-total");
  };
  CHECK(closed(old()) == 0);
  CHECK(closed(named("kafka-4.0")) >= 1);
}

TEST_CASE("profile: parts of a split batch are halved since 4.2, before they are split into themselves") {
  CHECK(outcome_of_splitting(newest_profile()) == "a:ok b:ok c:ok d:ok");
  CHECK(outcome_of_splitting(named("kafka-4.1")) == "a:TIMEOUT b:TIMEOUT c:TIMEOUT d:TIMEOUT");
}

TEST_CASE("profile: a lost id mapping ends the transaction in 3.9, the producer since 4.0") {
  const auto state = [](const Profile& profile) {
    TransactionFixture p(1, {}, profile);
    p.begin();
    p.coordinator().errors[ApiKey::kAddPartitionsToTxn] = {ErrorCode::kInvalidProducerIdMapping};
    p.send("a");
    p.advance(300);
    return p.txn().state();
  };
  CHECK(state(old()) == TxnState::kAbortable);
  CHECK(state(named("kafka-4.0")) == TxnState::kFatal);
}

TEST_CASE("profile: what ended a transaction is wrapped since 4.1") {
  const auto last = [](const Profile& profile) {
    TransactionFixture p(1, Texts{{"retries", "1"}}, profile);
    p.begin();
    p.broker_.verdict = [](const std::string&, const wire::ProducePartitionData&,
                           wire::ProducePartitionResponse& answer) {
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kNotEnoughReplicas);
    };
    p.send("a");
    p.advance(600);
    return p.last_error();
  };
  CHECK(last(named("kafka-4.0")) == "NOT_ENOUGH_REPLICAS");
  CHECK(last(named("kafka-4.1")) == "TRANSACTION_ABORTABLE");
}

TEST_CASE("profile: TRANSACTION_ABORTABLE to an abort is fatal since 4.1") {
  const auto state = [](const Profile& profile) {
    TransactionFixture p(1, {}, profile);
    p.begin();
    p.send("a");
    p.advance(100);
    p.coordinator().errors[ApiKey::kEndTxn] = {ErrorCode::kTransactionAbortable};
    p.abort();
    p.advance(300);
    return p.txn().state();
  };
  CHECK(state(named("kafka-4.0")) != TxnState::kFatal);
  CHECK(state(named("kafka-4.1")) == TxnState::kFatal);
}

TEST_CASE("profile: interceptors get headers with acknowledgements since 4.1 (KIP-512)") {
  CHECK(headers_acknowledged(named("kafka-4.0")) == 0);
  CHECK(headers_acknowledged(named("kafka-4.1")) == 4);
}

TEST_CASE("profile: 3.9 has three times under their old names, too") {
  for (const char* name : {"bufferpool-wait-time-total", "io-waittime-total", "iotime-total"}) {
    INFO(name);
    ProducerFixture before({}, {}, 1, old());
    ProducerFixture since({}, {}, 1, named("kafka-4.0"));
    CHECK(metric(before, name) == 0);
    CHECK(metric(since, name) == -1);
    CHECK(metric(before, "count") == metric(since, "count") + 3);
  }
}

}  // namespace sendscope
