// How long send() waits for metadata, for what, and what ends the wait.
#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

// The topic's metadata is asked for anew, although nothing asks for it.
void refresh(ProducerFixture& f) {
  f.advance(1'000);  // beyond any backoff
  f.producer_->metadata().request_update(true);
  f.producer_->sender().wakeup();
  f.advance(1'000);
}

// Time passes until the send is over; says how long that took.
Millis wait_for(ProducerFixture& f, ProducerFixture::Sent& sent, Millis longest) {
  const Nanos began = f.now_;
  f.advance_until([&] { return f.go_on(sent) == Step::kDone; }, longest);
  return to_millis(f.now_ - began);
}

}  // namespace

TEST_CASE("the first send of a topic fetches its metadata once; later ones find it") {
  ProducerFixture f;
  auto& first = f.send("a");
  CHECK(first.op->blocked_on() == BlockReason::kMetadata);
  wait_for(f, first, 100);
  for (const char* name : {"b", "c"}) CHECK(f.go_on(f.send(name)) == Step::kDone);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::metadata_wait_began) == 1);
  CHECK(f.count(events, EventKind::metadata_updated) == 1);
}

TEST_CASE("a topic that vanished from the metadata is fetched again by whoever sends to it") {
  ProducerFixture f;
  f.warm_up();
  f.broker_.remove_topic("orders");
  refresh(f);
  CHECK(f.producer_->metadata().snapshot()->partition_count("orders") == 0);
  auto& sent = f.send("a");
  CHECK(sent.op->blocked_on() == BlockReason::kMetadata);
  f.advance(500);
  CHECK(f.go_on(sent) == Step::kBlocked);
  f.broker_.add_topic("orders", 2);
  wait_for(f, sent, 1'500);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("a partition that does not exist yet is waited for") {
  ProducerFixture f;
  f.warm_up();
  auto& sent = f.send("a", 4);
  CHECK(sent.op->blocked_on() == BlockReason::kMetadata);
  f.advance(3'000);
  CHECK(f.go_on(sent) == Step::kBlocked);
  f.broker_.add_topic("orders", 5);
  wait_for(f, sent, 1'500);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("a wait that runs out names the topic's own error as its cause, having asked more than once") {
  ProducerFixture f(Texts{{"max.block.ms", "2000"}});
  f.warm_up();
  f.broker_.topic_errors["nowhere"] = ErrorCode::kUnknownTopicOrPartition;
  f.events();
  auto& sent = f.send("a", 0, 10, "nowhere");
  CHECK(wait_for(f, sent, 3'000) == 2'000);
  REQUIRE(sent.op->result().error);
  CHECK(sent.op->result().error->code == ErrorCode::kTimeout);
  CHECK(sent.op->result().error->message == "Topic nowhere not present in metadata after 2000 ms.");
  CHECK(sent.op->result().error->cause == ErrorCode::kUnknownTopicOrPartition);
  CHECK(f.outcomes() == "a:TIMEOUT");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::metadata_requested) >= 3);
  // The run says the cause, both when the brokers do and when the record fails.
  CHECK(f.count(events, EventKind::topic_unavailable) >= 3);
  CHECK(f.count(events, EventKind::failure_cause) == 1);
  CHECK(f.producer_->troubles(f.now_, kNanosPerSecond) ==
        std::vector<std::string>{
            "topic nowhere does not exist, the brokers say (UNKNOWN_TOPIC_OR_PARTITION): is its "
            "name right? They do not create it by themselves"});
}

TEST_CASE("with no time to wait, a send fails where the topic is not known and goes where it is") {
  ProducerFixture f(Texts{{"max.block.ms", "0"}});
  auto& early = f.send("early");
  CHECK(f.go_on(early) == Step::kDone);
  CHECK(f.outcomes() == "early:TIMEOUT");
  f.advance(200);  // it has asked all the same
  CHECK(f.go_on(f.send("late")) == Step::kDone);
  f.advance(5);
  CHECK(f.outcomes() == "early:TIMEOUT late:ok");
}

TEST_CASE("an idle topic is forgotten; who uses it again asks again, and times out if it is gone") {
  ProducerFixture f(Texts{{"metadata.max.idle.ms", "5000"}, {"max.block.ms", "7000"}});
  f.warm_up();
  f.advance(5'000);
  refresh(f);
  CHECK(f.producer_->metadata().snapshot()->partition_count("orders") == 0);
  auto& sent = f.send("a");
  CHECK(wait_for(f, sent, 1'500) < 1'000);
  f.advance(7'000);
  f.broker_.remove_topic("orders");
  refresh(f);
  auto& late = f.send("b");
  CHECK(wait_for(f, late, 8'000) == 7'000);
  CHECK(f.outcomes() == "a:ok b:TIMEOUT");
}

TEST_CASE("an invalid topic name fails the future as soon as the brokers say so, and later sends at once") {
  ProducerFixture f;
  f.warm_up();
  f.broker_.topic_errors["topic abc"] = ErrorCode::kInvalidTopic;
  auto& sent = f.send("a", kUnknownPartition, 10, "topic abc");
  CHECK(wait_for(f, sent, 1'000) < 500);
  CHECK(sent.op->result().status == SendStatus::kFailed);
  CHECK(sent.op->result().error->code == ErrorCode::kInvalidTopic);
  CHECK(f.producer_->metadata().snapshot()->is_invalid_topic("topic abc"));
  CHECK(f.go_on(f.send("b", kUnknownPartition, 10, "topic abc")) == Step::kDone);
  CHECK(f.outcomes() == "a:INVALID_TOPIC_EXCEPTION b:INVALID_TOPIC_EXCEPTION");
}
