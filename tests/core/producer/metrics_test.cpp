// That the producer's metrics are Kafka's, and that each is recorded when Kafka records it.
#include <cmath>
#include <fstream>
#include <set>

#include "tests/core/producer/producer_fixture.h"
#include "tests/support/repository.h"

namespace sendscope {
namespace {

using namespace sendscope::testing;

std::string tag_names(const MetricTags& tags) {
  std::string text;
  for (const auto& [key, value] : tags) text += (text.empty() ? "" : ",") + key;
  return text;
}

std::set<std::string> golden_names() {
  std::ifstream file(test::repository("tests/golden/metrics/names.txt"));
  REQUIRE(file.good());
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);)
    if (line.front() != '#') names.insert(line);
  return names;
}

class MeteredProducer : public ProducerFixture {
 public:
  using ProducerFixture::ProducerFixture;

  // Of the one metric of that name whose last tag has this value (the client-wide one when it is empty).
  double value(std::string_view name, std::string_view of = {}) {
    std::vector<double> found;
    for (const MetricValue& metric : producer_->metrics(now_)) {
      const bool fits = of.empty() ? metric.tags.size() == 1 : metric.tags.back().second == of;
      if (metric.name == name && fits) found.push_back(std::get<double>(metric.value));
    }
    INFO(name << " of " << of);
    REQUIRE(found.size() == 1);
    return found.front();
  }
  bool has_group(std::string_view group) {
    for (const MetricValue& metric : producer_->metrics(now_))
      if (metric.group == group) return true;
    return false;
  }
};

// The next produce request is answered with this error.
void answer_with(MeteredProducer& p, ErrorCode error) {
  p.broker_.verdict = [error](const std::string&, const wire::ProducePartitionData&,
                              wire::ProducePartitionResponse& answer) {
    answer.error_code = static_cast<std::int16_t>(error);
  };
}

}  // namespace

TEST_CASE("groups, tags and names of the metrics are those of Kafka's own producer") {
  MeteredProducer p;
  std::set<std::string> expected = golden_names();
  std::set<std::string> ours;
  const auto look = [&] {
    for (const MetricValue& metric : p.producer_->metrics(p.now_)) {
      CHECK_FALSE(metric.description.empty());
      ours.insert(metric.group + "|" + tag_names(metric.tags) + "|" + metric.name);
    }
  };
  look();
  CHECK(ours.size() == 77);
  CHECK(p.value("count") == 77);
  CHECK(std::includes(expected.begin(), expected.end(), ours.begin(), ours.end()));
  p.warm_up();
  p.send("a");
  p.advance(20);
  look();
  CHECK(ours == expected);
}

TEST_CASE("a metric appears once, in the order of group, tags and name") {
  MeteredProducer p({}, {}, 2);
  p.warm_up();
  p.send("a", 0);
  p.send("b", 1);
  p.advance(20);
  const std::vector<MetricValue> metrics = p.producer_->metrics(p.now_);
  for (std::size_t i = 1; i < metrics.size(); ++i) {
    const MetricValue &a = metrics[i - 1], &b = metrics[i];
    INFO(b.group << " " << b.name);
    CHECK(std::tie(a.group, a.tags, a.name) < std::tie(b.group, b.tags, b.name));
  }
  CHECK(p.value("count") == static_cast<double>(metrics.size()));
}

TEST_CASE("without events averages are NaN, rates 0, gauges what there is") {
  MeteredProducer p(Texts{{"buffer.memory", "50000"}});
  for (const char* name : {"batch-size-avg", "record-queue-time-max", "request-latency-avg",
                           "reauthentication-latency-max", "produce-throttle-time-avg", "io-time-ns-avg"})
    CHECK(std::isnan(p.value(name)));
  for (const char* name : {"record-send-rate", "record-error-total", "io-ratio", "bufferpool-wait-ratio",
                           "flush-time-ns-total", "successful-authentication-total"})
    CHECK(p.value(name) == 0);
  CHECK(p.value("buffer-total-bytes") == 50'000);
  CHECK(p.value("buffer-available-bytes") == 50'000);
  CHECK(p.value("metadata-age") == 1);  // never updated, and the clock of the test says 1 s
  CHECK_FALSE(p.has_group("producer-node-metrics"));
  CHECK_FALSE(p.has_group("producer-topic-metrics"));
}

TEST_CASE("drained batches count with their final size, their wait and their largest record") {
  MeteredProducer p({{"linger.ms", "7"}, {"enable.idempotence", "false"}});
  p.warm_up();
  p.send("a", 0, 10);
  p.send("b", 0, 30);
  p.send("c", 1, 20);
  p.advance(30);
  REQUIRE(p.outcomes() == "a:ok b:ok c:ok");
  CHECK(p.value("batch-size-max") == 61 + 17 + 37);
  CHECK(p.value("batch-size-avg") == (61 + 17 + 37 + 61 + 27) / 2.0);
  CHECK(p.value("record-queue-time-avg") == 7);
  CHECK(p.value("record-size-max") == 61 + 21 + 1 + 1 + 30 + 1);
  CHECK(p.value("record-size-avg") == ((61 + 21 + 3 + 30) + (61 + 21 + 3 + 20)) / 2.0);
  CHECK(p.value("compression-rate-avg") == 1);
  CHECK(p.value("records-per-request-avg") == 3);
  CHECK(p.value("record-send-total") == 3);
  CHECK(p.value("record-send-total", "orders") == 3);
  CHECK(p.value("byte-total", "orders") == 61 + 17 + 37 + 61 + 27);
  CHECK(p.value("compression-rate", "orders") == 1);
}

TEST_CASE("rates follow the settings of the samples") {
  MeteredProducer p({{"metrics.num.samples", "1"}, {"metrics.sample.window.ms", "1000"}});
  p.warm_up();
  p.send("a");
  p.run();
  p.now_ += ms(500);
  CHECK(p.value("record-send-rate") == 1 / 0.5);
  p.now_ += ms(499);
  CHECK(p.value("record-send-rate") == 1 / 0.999);
  p.now_ += ms(1);
  CHECK(p.value("record-send-rate") == 0);
  CHECK(p.value("record-send-total") == 1);
}

TEST_CASE("a retry counts at its re-enqueue, and its records are sent once more") {
  MeteredProducer p;
  p.warm_up();
  answer_with(p, ErrorCode::kNotEnoughReplicas);
  p.send("a");
  p.send("b");
  p.advance(3);
  p.broker_.verdict = nullptr;
  CHECK(p.value("record-retry-total") == 2);
  p.advance(300);
  REQUIRE(p.outcomes() == "a:ok b:ok");
  CHECK(p.value("record-retry-total") == 2);
  CHECK(p.value("record-retry-total", "orders") == 2);
  CHECK(p.value("record-send-total") == 4);
  CHECK(p.value("record-error-total") == 0);
}

TEST_CASE("a failed batch counts its records, a failed send itself") {
  MeteredProducer p(Texts{{"max.request.size", "1000"}});
  p.warm_up();
  answer_with(p, ErrorCode::kInvalidRecord);
  p.send("a");
  p.send("b");
  p.advance(5);
  REQUIRE(p.outcomes() == "a:INVALID_RECORD b:INVALID_RECORD");
  CHECK(p.value("record-error-total") == 2);
  CHECK(p.value("record-error-total", "orders") == 2);
  p.send("large", 0, 2'000);
  CHECK(p.value("record-error-total") == 3);
  CHECK(p.value("record-error-total", "orders") == 2);
}

TEST_CASE("what Java throws as a runtime exception is no error of a record") {
  MeteredProducer p;
  p.warm_up();
  p.send("a", -7);
  p.producer_->sender().force_close(p.now_);
  p.send("b");
  REQUIRE(p.sent_.back().op->result().status == SendStatus::kThrown);
  CHECK(p.value("record-error-total") == 0);
}

TEST_CASE("a split counts once") {
  MeteredProducer p;
  p.warm_up();
  int answers = 0;
  p.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData&,
                          wire::ProducePartitionResponse& answer) {
    if (answers++ == 0) answer.error_code = static_cast<std::int16_t>(ErrorCode::kMessageTooLarge);
  };
  p.send("a");
  p.send("b");
  p.advance(300);
  REQUIRE(p.outcomes() == "a:ok b:ok");
  CHECK(p.value("batch-split-total") == 1);
}

TEST_CASE("only produce requests have a latency, client-wide and at their node") {
  MeteredProducer p;
  p.warm_up();
  CHECK(std::isnan(p.value("request-latency-avg")));
  p.broker_.holds_answers = true;
  p.send("a");
  p.run();
  CHECK(p.value("requests-in-flight") == 1);
  p.now_ += ms(40);
  p.broker_.release();
  p.run();
  CHECK(p.value("requests-in-flight") == 0);
  CHECK(p.value("request-latency-avg") == 40);
  CHECK(p.value("request-latency-max", "node-0") == 40);
  CHECK(std::isnan(p.value("request-latency-max", "node--1")));
}

TEST_CASE("bytes, requests and responses add up over the nodes") {
  MeteredProducer p({}, {}, 2);
  p.warm_up();
  p.send("a", 0);
  p.send("b", 1);
  p.advance(20);
  CHECK(p.value("outgoing-byte-total") == static_cast<double>(p.broker_.bytes));
  for (const char* name : {"outgoing-byte-total", "incoming-byte-total", "request-total", "response-total"}) {
    INFO(name);
    CHECK(p.value(name) == p.value(name, "node--1") + p.value(name, "node-0") + p.value(name, "node-1"));
  }
  CHECK(p.value("request-total") == p.value("response-total"));
  CHECK(p.value("network-io-total") == p.value("request-total") + p.value("response-total"));
  CHECK(p.value("request-size-avg") == p.value("outgoing-byte-total") / p.value("request-total"));
  CHECK(p.value("connection-creation-total") == 3);
  CHECK(p.value("connection-count") == 3);
  CHECK(p.value("connection-close-total") == 0);
  p.broker_.disconnect_all();
  p.run();
  CHECK(p.value("connection-close-total") == 3);
}

TEST_CASE("every response counts as throttled or not, whatever its api") {
  MeteredProducer p;
  p.warm_up();
  CHECK(p.value("produce-throttle-time-avg") == 0);  // ApiVersions and Metadata have said so
  CHECK(p.value("produce-throttle-time-max") == 0);

  MeteredProducer throttled;
  throttled.broker_.coordinator.throttle_ms = 400;  // with the producer id
  throttled.warm_up();
  throttled.advance(500);
  CHECK(throttled.value("produce-throttle-time-max") == 400);
  CHECK(throttled.value("produce-throttle-time-avg") > 0);
  CHECK(throttled.value("produce-throttle-time-avg") < 400);
}

TEST_CASE("waiting in the pool's line is measured whenever it ends, and so is its failure") {
  MeteredProducer p({{"buffer.memory", "16384"}, {"max.block.ms", "30"}, {"linger.ms", "0"}});
  p.warm_up();
  p.broker_.holds_answers = true;
  p.send("a");
  p.run();
  auto& late = p.send("late");
  CHECK(p.value("waiting-threads") == 1);
  CHECK(p.value("buffer-available-bytes") == 0);
  p.now_ += ms(12);
  p.go_on(late);  // nobody has woken it
  CHECK(p.value("bufferpool-wait-time-ns-total") == 0);
  p.now_ += ms(18);
  p.go_on(late);
  CHECK(p.value("bufferpool-wait-time-ns-total") == static_cast<double>(ms(30)));
  CHECK(p.value("bufferpool-wait-ratio") == Approx(30.0 / 30'030));
  CHECK(p.value("buffer-exhausted-total") == 1);
  CHECK(p.value("record-error-total") == 1);
  CHECK(p.value("waiting-threads") == 0);

  auto& lucky = p.send("lucky");
  p.now_ += ms(5);
  p.broker_.release();
  p.run();
  CHECK(p.go_on(lucky) == Step::kDone);
  CHECK(p.value("bufferpool-wait-time-ns-total") == static_cast<double>(ms(35)));
  CHECK(p.value("buffer-exhausted-total") == 1);
}

TEST_CASE("time in flush and time waited for metadata add up; a wait in vain is none") {
  MeteredProducer p(Texts{{"max.block.ms", "50"}});
  p.send("a", 0, 10);
  p.advance(3);
  p.complete(*p.sent_.front().op);
  const double waited = p.value("metadata-wait-time-ns-total");
  CHECK(waited >= static_cast<double>(ms(3)));
  auto& unknown = p.send("b", 0, 10, "unknown");
  p.now_ += ms(60);
  p.run();
  CHECK(p.go_on(unknown) == Step::kDone);
  CHECK(p.value("metadata-wait-time-ns-total") == waited);

  p.broker_.holds_answers = true;
  p.send("c");
  CountingWaiter waiter;
  FlushOp flush(*p.producer_, 0, waiter);
  CHECK(flush.advance(p.now_) == Step::kBlocked);
  p.now_ += ms(25);
  p.run();
  p.broker_.release();
  p.run();
  CHECK(flush.advance(p.now_) == Step::kDone);
  CHECK(p.value("flush-time-ns-total") == static_cast<double>(ms(25)));
}

TEST_CASE("transactional calls count the time they took, when they succeed") {
  MeteredProducer p(Texts{{"transactional.id", "id"}});
  CHECK_FALSE(p.producer_->begin_transaction(p.now_, 0).ok());
  p.warm_up();
  CountingWaiter waiter;
  TransactionOp init(*p.producer_, TransactionCall::kInit, 0, waiter);
  const Nanos began = p.now_;
  p.complete(init);
  REQUIRE(init.result().ok());
  CHECK(p.now_ > began);
  CHECK(p.value("txn-init-time-ns-total") == static_cast<double>(p.now_ - began));
  TransactionOp again(*p.producer_, TransactionCall::kInit, 0, waiter);
  p.now_ += ms(3);
  p.complete(again);
  CHECK_FALSE(again.result().ok());
  CHECK(p.value("txn-init-time-ns-total") == static_cast<double>(p.now_ - ms(3) - began));
  CHECK(p.value("txn-commit-time-ns-total") == 0);
  CHECK(p.value("txn-prepare-time-ns-total") == 0);
}

TEST_CASE("a poll's wait counts from the moment the driver tells, the pass before it as work") {
  MeteredProducer p;
  p.warm_up();
  const double waited = p.value("io-wait-time-ns-total"), worked = p.value("io-time-ns-total");
  const double polls = p.value("select-total");
  p.producer_->sender().run_once(p.now_);
  const double between = p.value("io-wait-time-ns-total") - waited;
  p.producer_->sender().wait_begins(p.now_ + 300);
  p.now_ += 1'000;
  p.producer_->sender().run_once(p.now_);
  CHECK(p.value("io-wait-time-ns-total") == waited + between + 700);
  CHECK(p.value("io-time-ns-total") == worked + 300);
  CHECK(p.value("select-total") == polls + 2);
}

TEST_CASE("the age of the metadata is that of the last full update") {
  MeteredProducer p;
  p.warm_up();
  p.now_ += ms(1'500);
  const double age = p.value("metadata-age");
  CHECK(age >= 1.5);
  CHECK(age < 1.6);
}

}  // namespace sendscope
