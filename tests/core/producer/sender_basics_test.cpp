// The Sender beside the ordinary way: messages of errors, lost brokers, leaders that move, topics nobody
// uses.
#include "tests/core/producer/scripted_answers.h"

using namespace sendscope;
using namespace sendscope::testing;

TEST_CASE("an error has the broker's words where it sent some, else the words of the code") {
  ProducerFixture f;
  f.warm_up();
  ScriptedAnswers answers(f);
  answers.then(ErrorCode::kInvalidRequest);
  ScriptedAnswers::Answer with_words;
  with_words.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidRequest);
  with_words.error_message = "no such luck";
  answers.then(with_words);
  f.send("a");
  f.advance(2);
  f.send("b");
  f.advance(2);
  REQUIRE(f.outcomes() == "a:INVALID_REQUEST b:INVALID_REQUEST");
  CHECK(f.outcomes_[0].message == error_row(ErrorCode::kInvalidRequest).text);
  CHECK(f.outcomes_[1].message == "no such luck");
}

TEST_CASE("a connection that is lost once too often is the record's error") {
  ProducerFixture f(Texts{{"enable.idempotence", "false"}, {"retries", "1"}, {"retry.backoff.ms", "10"}});
  f.warm_up();
  for (int i = 0; i < 2; ++i) {
    f.broker_.holds_answers = true;
    if (i == 0) f.send("a");
    f.advance(200);
    REQUIRE(f.broker_.held() == 1);
    CHECK(f.outcomes().empty());
    f.broker_.disconnect_all();
    f.run();
  }
  CHECK(f.outcomes() == "a:NETWORK_EXCEPTION");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("with one request in flight a moved leader does not let the second batch overtake") {
  ProducerFixture f(Texts{{"max.in.flight.requests.per.connection", "1"}, {"enable.idempotence", "false"}},
                    {}, 2);
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a", 0);
  f.advance(2);
  f.broker_.leader_shift = 1;
  f.broker_.leader_epoch = 1;
  f.producer_->metadata().request_update(false);
  f.producer_->sender().wakeup();
  f.advance(150);
  REQUIRE(f.producer_->metadata().snapshot()->leader_of("orders", 0) == 1);
  f.send("b", 0);
  f.advance(100);
  CHECK(f.broker_.held() == 1);  // it goes to another node, and still waits
  f.broker_.release();
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
  f.broker_.release();
  f.advance(5);
  CHECK(f.outcomes() == "a:ok b:ok");
}

TEST_CASE("a topic nobody uses is forgotten, and known again when a record of it is queued") {
  ProducerFixture f(Texts{{"metadata.max.idle.ms", "5000"}, {"metadata.max.age.ms", "1000"}});
  f.warm_up();
  const auto known = [&f] { return f.producer_->metadata().snapshot()->partition_count("orders") > 0; };
  f.advance(4'000);
  CHECK(known());
  f.advance(3'000);
  CHECK_FALSE(known());
  f.send("a");
  f.advance(10);
  auto& waiting = f.sent_.back();
  CHECK(f.go_on(waiting) == Step::kDone);
  f.advance(200);
  CHECK(known());
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("a producer id is asked for when a node is ready, and not before") {
  ProducerFixture f;
  f.broker_.holds = {ApiKey::kApiVersions};
  f.advance(300);
  CHECK(f.broker_.coordinator.heard.empty());
  CHECK_FALSE(f.producer_->transactions()->has_producer_id());
  f.broker_.holds.clear();
  f.broker_.release();
  f.advance(300);
  CHECK(f.broker_.coordinator.heard == std::vector<std::string>{"init:-1/-1"});
  CHECK(f.producer_->transactions()->has_producer_id());
}

TEST_CASE("a producer id comes although metadata holds the only place in flight") {
  ProducerFixture f(Texts{{"max.in.flight.requests.per.connection", "1"}});
  f.broker_.holds = {ApiKey::kMetadata};
  f.advance(100);
  REQUIRE(f.broker_.held() == 1);
  CHECK(f.broker_.coordinator.heard.empty());
  f.broker_.holds.clear();
  f.broker_.release();
  f.advance(100);
  CHECK(f.producer_->transactions()->has_producer_id());
}

TEST_CASE("a refused producer id fails what waits for it; a later one lets the producer go on") {
  ProducerFixture f;
  f.broker_.coordinator.errors[ApiKey::kInitProducerId] = {ErrorCode::kClusterAuthorizationFailed};
  f.broker_.holds = {ApiKey::kInitProducerId};
  f.warm_up();
  f.send("a");
  f.advance(20);
  REQUIRE(f.broker_.held() == 1);
  CHECK(f.outcomes().empty());
  f.broker_.holds.clear();
  f.broker_.release();
  f.advance(200);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED");
  CHECK_FALSE(f.producer_->transactions()->has_error());
  f.send("b");
  f.advance(200);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED b:ok");
}

TEST_CASE(
    "a coordinator that is still loading is asked again after the backoff, which the sender sleeps off") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "50"}});
  f.broker_.coordinator.errors[ApiKey::kInitProducerId] = {ErrorCode::kCoordinatorLoadInProgress};
  auto& heard = f.broker_.coordinator.heard;
  f.advance_until([&] { return !heard.empty(); });
  f.advance_until([&] { return f.producer_->sender().sleeping(); });
  const Nanos asleep = f.now_;
  f.sender_waiter_.wake();  // a wake-up does not shorten a sleep
  f.advance(49);
  CHECK(heard.size() == 1);
  f.advance(1);
  CHECK(heard.size() == 2);
  CHECK(f.now_ - asleep == ms(50));
  f.advance(5);
  CHECK(f.producer_->transactions()->has_producer_id());
}

TEST_CASE("a turn without anything to send waits once") {
  ProducerFixture f;
  f.warm_up();
  f.events();
  f.producer_->sender().run_once(f.now_);
  CHECK(f.count(f.events(), EventKind::sender_waits) == 1);
}
