// Batches whose delivery.timeout.ms is over: queued, on the wire, between two tries.
#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/scripted_answers.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

// Short lives, and nobody minds the order.
Texts hasty(Texts more = {}) {
  more.emplace("enable.idempotence", "false");
  return short_lives(std::move(more));
}

// As those; an answer may take as long as a batch lives.
Texts patient(Texts more = {}) {
  more.emplace("request.timeout.ms", "500");
  return hasty(std::move(more));
}

}  // namespace

TEST_CASE("the callback of an expired record may send the next one, and says what was not reached") {
  ProducerFixture f(hasty({{"linger.ms", "0"}}));
  f.warm_up();
  ScriptedAnswers answers(f);
  for (int i = 0; i < 100; ++i) answers.then(ErrorCode::kNotEnoughReplicas);
  struct Again {
    ProducerFixture& f;
    std::string error;
    static void note(void* context, const Acknowledgement& acknowledgement) {
      auto& self = *static_cast<Again*>(context);
      self.error = acknowledgement.error->message;
      self.f.send("second");
    }
  } again{f, {}};
  Record record;
  record.topic = "orders";
  record.partition = 0;
  REQUIRE(f.producer_->try_send(record, {&Again::note, &again}, f.now_, 0) == SendStatus::kAccepted);
  f.advance(500);
  CHECK(again.error.find("orders-0") != std::string::npos);
  CHECK(again.error.find("500 ms") != std::string::npos);
  CHECK(f.outcomes().empty());
  CHECK(f.producer_->accumulator().has_incomplete());
  f.advance(700);
  CHECK(f.outcomes().rfind("second:", 0) == 0);
  CHECK(f.memory_out() == 0);
}

TEST_CASE("what comes for a batch after its expiry is heard, and changes nothing") {
  for (const ErrorCode late : {ErrorCode::kNone, ErrorCode::kNotEnoughReplicas, ErrorCode::kMessageTooLarge,
                               ErrorCode::kUnknownServerError}) {
    ProducerFixture f(patient());
    f.warm_up();
    ScriptedAnswers answers(f);
    answers.then(late);
    f.broker_.holds_answers = true;
    f.send("a");
    f.send("b");  // two records: the batch could be split
    f.advance(501);
    CHECK(f.outcomes() == "a:TIMEOUT b:TIMEOUT");
    CHECK(f.producer_->sender().in_flight_batches().empty());
    CHECK_FALSE(f.producer_->accumulator().has_incomplete());
    f.broker_.release();
    f.advance(100);
    INFO(error_row(late).name);
    CHECK(f.outcomes() == "a:TIMEOUT b:TIMEOUT");
    CHECK(f.memory_out() == 0);
    CHECK_FALSE(f.producer_->accumulator().has_undrained());
    const auto events = f.events();
    CHECK(f.count(events, EventKind::batch_retried) == 0);
    CHECK(f.count(events, EventKind::batch_split) == 0);
  }
}

TEST_CASE("an error that comes as the time is over is the last word: no retry, and no time-out instead") {
  for (const bool in_time : {true, false}) {
    ProducerFixture f(patient());
    f.warm_up();
    ScriptedAnswers answers(f);
    answers.then(ErrorCode::kNotEnoughReplicas);
    f.broker_.holds_answers = true;
    f.send("a");
    f.advance(in_time ? 480 : 499);
    f.broker_.holds_answers = false;
    f.broker_.release();
    f.advance(20);
    CHECK(f.outcomes() == (in_time ? "a:ok" : "a:NOT_ENOUGH_REPLICAS"));
  }
}

TEST_CASE("with one request in flight the partition of an expired batch stays muted until the answer") {
  ProducerFixture f(patient({{"max.in.flight.requests.per.connection", "1"}}));
  f.warm_up();
  ScriptedAnswers answers(f);
  f.broker_.holds_answers = true;
  f.send("a");
  f.advance(400);
  f.send("b");
  f.advance(101);
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(f.broker_.held() == 1);
  CHECK(f.producer_->accumulator().queues().front().muted);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(5);
  CHECK(f.outcomes() == "a:TIMEOUT b:ok");
}

TEST_CASE("the sender wakes for the batch that expires next, and for that of later ones in turn") {
  ProducerFixture f(patient(), {}, 2);
  f.warm_up();
  f.send("x", 1);  // so that the connection stands
  f.advance(100);
  f.broker_.holds_answers = true;
  const Nanos first = f.now_;
  f.send("a", 0);
  f.advance(2);
  CHECK(f.until_ == first + ms(500));
  f.advance(98);
  f.send("b", 1);
  f.advance(2);
  CHECK(f.until_ == first + ms(500));
  f.advance(399);
  CHECK(f.outcomes() == "x:ok a:TIMEOUT");
  CHECK(f.until_ == first + ms(600));
  f.advance(100);
  CHECK(f.outcomes() == "x:ok a:TIMEOUT b:TIMEOUT");
}

TEST_CASE("batches of several partitions expire in the same turn") {
  ProducerFixture f(patient());
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a", 0);
  f.send("b", 1);
  f.advance(499);
  CHECK(f.outcomes().empty());
  f.advance(1);
  CHECK(f.outcomes() == "a:TIMEOUT b:TIMEOUT");
  CHECK(f.producer_->sender().in_flight_batches().empty());
}

TEST_CASE("the memory of a batch that expired on the wire comes back once, when its request times out") {
  ProducerFixture f(hasty({{"request.timeout.ms", "400"}, {"delivery.timeout.ms", "400"}}));
  f.warm_up();
  f.broker_.holds_answers = true;
  f.advance(7);
  f.send("a");
  f.advance(400);
  CHECK(f.outcomes() == "a:TIMEOUT");
  const std::int64_t out = f.memory_out();
  CHECK(out > 0);
  f.advance(400);  // the sender wakes no earlier for requests that are overdue
  CHECK(f.memory_out() == 0);
  f.advance(50);
  CHECK(f.memory_out() == 0);
  CHECK(f.outcomes() == "a:TIMEOUT");
}
