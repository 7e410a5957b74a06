// The Sender: retries, order, expiry, time-outs, muting, and what the answers do to batches.
#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using Answer = wire::ProducePartitionResponse;

// Answers the first `times` batches with an error.
MemoryBroker::Verdict failing(ErrorCode error, int times) {
  return
      [error, left = times](const std::string&, const wire::ProducePartitionData&, Answer& answer) mutable {
        if (left-- > 0) answer.error_code = static_cast<std::int16_t>(error);
      };
}

std::vector<Event> only(const std::vector<Event>& events, EventKind kind) {
  std::vector<Event> out;
  for (const Event& event : events)
    if (event.kind == kind) out.push_back(event);
  return out;
}

}  // namespace

TEST_CASE("a retriable error is retried after its backoff, and the callback runs once") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "20"}});
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotEnoughReplicas, 2);
  f.broker_.produce_requests = 0;
  f.events();
  f.send("a");
  f.advance(19);
  CHECK(f.broker_.produce_requests == 1);
  CHECK(f.outcomes().empty());
  f.advance(200);
  CHECK(f.broker_.produce_requests == 3);
  CHECK(f.outcomes() == "a:ok");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::batch_retried) == 2);
  CHECK(f.count(events, EventKind::inflight_added) == 3);
  CHECK(f.count(events, EventKind::inflight_removed) == 3);
  CHECK(f.count(events, EventKind::record_completed) == 1);
  CHECK(f.memory_out() == 0);
}

TEST_CASE("retries run out: the error is the broker's last") {
  ProducerFixture f(Texts{{"retries", "1"}, {"enable.idempotence", "false"}, {"retry.backoff.ms", "5"}});
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotEnoughReplicas, 100);
  f.send("a");
  f.advance(100);
  CHECK(f.outcomes() == "a:NOT_ENOUGH_REPLICAS");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("an error that no retry helps against fails the batch at once") {
  ProducerFixture f;
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kInvalidTimestamp, 1);
  f.send("a");
  f.advance(2);
  CHECK(f.outcomes() == "a:INVALID_TIMESTAMP");
}

TEST_CASE("errors of single records come with their own words; the others only share the batch") {
  ProducerFixture f(Texts{{"linger.ms", "2"}});
  f.warm_up();
  f.broker_.verdict = [](const std::string&, const wire::ProducePartitionData&, Answer& answer) {
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidRecord);
    answer.record_errors = {{1, "no key"}};
  };
  for (const char* name : {"a", "b", "c"}) f.send(name);
  f.advance(5);
  CHECK(f.outcomes() == "a:KAFKA_EXCEPTION b:INVALID_RECORD c:KAFKA_EXCEPTION");
}

TEST_CASE("a duplicate is a success without an offset") {
  ProducerFixture f;
  f.warm_up();
  f.broker_.verdict = [](const std::string&, const wire::ProducePartitionData&, Answer& answer) {
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kDuplicateSequenceNumber);
    answer.base_offset = -1;
  };
  f.send("a");
  f.advance(2);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.outcomes_.front().offset == -1);
}

TEST_CASE("a lost connection retries what was on it") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "10"}, {"reconnect.backoff.ms", "10"}});
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a");
  f.advance(2);
  CHECK(f.producer_->sender().in_flight_batches().size() == 1);
  f.broker_.disconnect_all();
  f.broker_.holds_answers = false;
  f.run();
  CHECK(f.producer_->sender().in_flight_batches().empty());
  CHECK(f.outcomes().empty());
  f.advance(300);
  CHECK(f.outcomes() == "a:ok");
  const auto retried = only(f.events(), EventKind::batch_retried);
  REQUIRE(retried.size() == 1);
  CHECK(retried.front().a == static_cast<std::uint32_t>(ErrorCode::kNetworkException));
}

TEST_CASE("a request that takes too long costs the connection and is retried") {
  ProducerFixture f(
      Texts{{"request.timeout.ms", "100"}, {"delivery.timeout.ms", "1000"}, {"retry.backoff.ms", "10"}});
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a");
  f.advance(101);
  CHECK(f.outcomes().empty());
  f.broker_.holds_answers = false;
  f.advance(500);
  CHECK(f.outcomes() == "a:ok");
  const auto retried = only(f.events(), EventKind::batch_retried);
  REQUIRE_FALSE(retried.empty());
  CHECK(retried.front().a == static_cast<std::uint32_t>(ErrorCode::kRequestTimedOut));
}

TEST_CASE("an expired batch on the wire is completed at once; its memory comes back with the answer") {
  ProducerFixture f(Texts{{"request.timeout.ms", "500"}, {"delivery.timeout.ms", "500"}, {"linger.ms", "0"}});
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a");
  f.advance(500);
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK_FALSE(f.producer_->accumulator().has_incomplete());
  CHECK(f.memory_out() > 0);
  f.broker_.release();
  f.run();
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a batch that nobody could send expires in its queue") {
  ProducerFixture f(Texts{{"request.timeout.ms", "100"},
                          {"delivery.timeout.ms", "300"},
                          {"retry.backoff.ms", "1000"},
                          {"retry.backoff.max.ms", "1000"}});
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotEnoughReplicas, 100);
  f.send("a");
  f.advance(299);
  CHECK(f.outcomes().empty());
  f.advance(1);
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("acks=0: a record is done when it is written") {
  ProducerFixture f(Texts{{"acks", "0"}, {"enable.idempotence", "false"}});
  f.warm_up();
  f.send("a");
  f.advance(3);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.outcomes_.front().offset == -1);
  CHECK(f.memory_out() == 0);
}

TEST_CASE("with one request in flight a partition is muted until its answer, retries keep their order") {
  ProducerFixture f(Texts{{"max.in.flight.requests.per.connection", "1"},
                          {"enable.idempotence", "false"},
                          {"retry.backoff.ms", "10"}});
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotEnoughReplicas, 1);
  f.send("a", 0);
  f.broker_.holds_answers = true;
  f.advance(1);
  f.send("b", 0);
  f.advance(5);
  CHECK(f.broker_.held() == 1);
  CHECK(f.producer_->accumulator().queues().front().muted);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(100);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.outcomes_[0].offset < f.outcomes_[1].offset);
}

TEST_CASE("without idempotence a retry behind other requests turns the order around") {
  ProducerFixture f(Texts{{"enable.idempotence", "false"}, {"retry.backoff.ms", "10"}});
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotEnoughReplicas, 1);
  f.broker_.holds_answers = true;
  f.send("a", 0);
  f.advance(1);
  f.send("b", 0);
  f.advance(1);
  CHECK(f.broker_.held() == 2);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(100);
  CHECK(f.outcomes() == "b:ok a:ok");
}

TEST_CASE("a node that is not asked for gets no request; all ready partitions of a node share one") {
  ProducerFixture f({}, {}, 2);
  f.broker_.add_topic("orders", 4);  // 0 and 2 on node 0, 1 and 3 on node 1
  f.warm_up();
  f.advance(100);
  f.broker_.produce_requests = 0;
  f.send("a", 0);
  f.send("b", 2);
  f.advance(1);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.broker_.produce_requests == 1);
}

TEST_CASE("an unknown leader is asked for, and the batch waits") {
  ProducerFixture f(Texts{{"delivery.timeout.ms", "500"}, {"request.timeout.ms", "100"}});
  ProducerPlugins plugins;
  f.warm_up();
  f.broker_.verdict = failing(ErrorCode::kNotLeaderOrFollower, 1);
  f.events();
  f.send("a");
  f.advance(400);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.count(f.events(), EventKind::metadata_requested) >= 1);
}

TEST_CASE("muted partitions stay muted to an observer after a forced close") {
  ProducerFixture f(Texts{{"max.in.flight.requests.per.connection", "1"}});
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a", 0);
  f.advance(1);
  f.producer_->sender().force_close(f.now_);
  f.run();
  const auto queues = f.producer_->accumulator().queues();
  REQUIRE(queues.size() == 1);
  CHECK(queues.front().muted);
}

TEST_CASE("the sender names when it wants to run: at the end of the linger, or never while nothing waits") {
  ProducerFixture f(Texts{{"linger.ms", "50"}});
  f.warm_up();
  f.send("a");
  f.run();
  CHECK(f.until_ == f.now_ + ms(50));
  CHECK(f.sender_waiter_.wakes > 0);
  f.advance(50);
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("a wake-up comes with a new batch and a full one, not with an ordinary append") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}, {"batch.size", "1000"}});
  f.warm_up();
  f.sender_waiter_.wakes = 0;
  f.send("a", 0);
  CHECK(f.sender_waiter_.wakes == 1);
  f.send("b", 0);
  CHECK(f.sender_waiter_.wakes == 1);
  f.send("c", 0, 900);
  CHECK(f.sender_waiter_.wakes == 2);
}
