// Where Kafka has a bug that nobody should inherit: our side of the table of deviations.
#include "core/producer/deviations.h"

#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using Answer = wire::ProducePartitionResponse;

void set_error(Answer& answer, ErrorCode error) { answer.error_code = static_cast<std::int16_t>(error); }

// The first response lacks partition 0 of two and speaks of partition 7, which was not asked about.
void forget_partition_0_once(MemoryBroker& broker) {
  broker.edit = [first = true](wire::ProduceResponse& response) mutable {
    if (!std::exchange(first, false)) return;
    std::vector<Answer>& answers = response.topics[0].partitions;
    REQUIRE(answers[0].index == 0);
    answers[0].index = 7;
  };
}

}  // namespace

TEST_CASE("what was not asked is passed over; a batch without an answer is retried") {
  ProducerFixture f(Texts{{"linger.ms", "2"}, {"retry.backoff.ms", "10"}});
  f.warm_up();
  forget_partition_0_once(f.broker_);
  f.send("a", 0);
  f.send("b", 1);
  f.advance(5);
  CHECK(f.broker_.produce_requests == 1);
  CHECK(f.outcomes() == "b:ok");
  f.advance(50);
  CHECK(f.broker_.produce_requests == 2);
  CHECK(f.outcomes() == "b:ok a:ok");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a batch without an answer and without retries fails at once and unmutes its partition") {
  ProducerFixture f(Texts{{"linger.ms", "2"},
                          {"retries", "0"},
                          {"enable.idempotence", "false"},
                          {"max.in.flight.requests.per.connection", "1"}});
  f.warm_up();
  forget_partition_0_once(f.broker_);
  f.send("a", 0);
  f.send("b", 1);
  f.advance(5);
  CHECK(f.outcomes() == "b:ok a:NETWORK_EXCEPTION");
  CHECK(f.memory_out() == 0);
  f.send("c", 0);
  f.advance(5);
  CHECK(f.outcomes() == "b:ok a:NETWORK_EXCEPTION c:ok");
}

TEST_CASE("an answer by topic id zero is passed over, and the batch is retried") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "10"}});
  f.warm_up();
  f.broker_.edit = [first = true](wire::ProduceResponse& response) mutable {
    if (std::exchange(first, false)) response.topics[0].topic_id = Uuid{};
  };
  f.send("a", 0);
  f.advance(50);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("of two answers for a partition the first counts, and the others of the response are heard") {
  ProducerFixture f(Texts{{"linger.ms", "2"}});
  f.warm_up();
  f.broker_.edit = [](wire::ProduceResponse& response) {
    std::vector<Answer>& answers = response.topics[0].partitions;
    REQUIRE(answers[0].index == 0);
    Answer again = answers[0];
    set_error(again, ErrorCode::kNotEnoughReplicas);
    answers.insert(answers.begin() + 1, again);
  };
  f.send("a", 0);
  f.send("b", 1);
  f.advance(50);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.broker_.produce_requests == 1);
  CHECK(f.memory_out() == 0);
}

TEST_CASE("answers still count for a partition whose sequences the manager has forgotten") {
  TransactionFixture f(1, Texts{{"retry.backoff.ms", "10"}});
  f.begin();
  f.send("first", 0);
  f.advance(20);
  f.broker_.holds_answers = true;
  f.broker_.verdict = [number = 0](const std::string&, const wire::ProducePartitionData&,
                                   Answer& answer) mutable {
    ++number;
    if (number == 1) set_error(answer, ErrorCode::kUnknownProducerId);
    if (number == 3) set_error(answer, ErrorCode::kNotEnoughReplicas);
  };
  for (const char* name : {"a", "b", "c"}) {
    f.send(name, 0);
    f.advance(1);
  }
  REQUIRE(f.broker_.held() == 3);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(100);
  CHECK(f.outcomes() == "first:ok a:UNKNOWN_PRODUCER_ID b:ok c:ok");
  CHECK(f.memory_out() == 0);
  CHECK(f.finish(f.abort()) == "ok");
}

TEST_CASE("each producer has its own estimates of how well records compress") {
  ProducerFixture one(Texts{{"compression.type", "gzip"}}), other(Texts{{"compression.type", "gzip"}});
  one.warm_up();
  other.warm_up();
  one.send("a", 0, 5'000);
  one.advance(20);
  CHECK(one.outcomes() == "a:ok");
  const auto estimate = [](ProducerFixture& f) {
    return f.producer_->accumulator().ratio_estimator().estimation("orders", wire::CompressionType::kGzip);
  };
  CHECK(estimate(one) < 1.0f);
  CHECK(estimate(other) == 1.0f);
}
