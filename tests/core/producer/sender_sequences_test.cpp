// Idempotence: several batches in flight, answers that come in an order nobody likes, epochs that rise.
#include <limits>

#include "tests/core/producer/sequence_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

constexpr std::int16_t kLastEpoch = std::numeric_limits<std::int16_t>::max();

}  // namespace

TEST_CASE("two batches in flight: sequences follow each other, acks are noted one by one") {
  SequenceFixture f;
  f.send_held({"a", "b"});
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+2");
  CHECK(f.partition(0).next_sequence == 3);
  CHECK(f.partition(0).last_acked_sequence == 0);
  CHECK(f.partition(0).in_flight().size() == 2);
  f.release_one();
  CHECK(f.partition(0).last_acked_sequence == 1);
  f.let_go();
  CHECK(f.partition(0).last_acked_sequence == 2);
  CHECK(f.partition(0).in_flight().empty());
  CHECK(f.outcomes() == "a:ok b:ok");
}

TEST_CASE("retried batches go one at a time, in order; a new one waits until they are through") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kNotEnoughReplicas);
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send_held({"a", "b"});
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+2");
  f.broker_.release(2);
  f.advance(30);
  CHECK(f.answers.seen() == "0@1000/0+1");
  f.send("c");
  f.advance(50);
  CHECK(f.answers.seen().empty());
  f.release_one();
  f.advance(5);
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.answers.seen() == "0@1000/0+2 0@1000/0+3");
  f.let_go();
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
  CHECK(f.id().epoch == 0);
}

TEST_CASE("when the first fails for good, the batches behind it are renumbered under the next epoch") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kInvalidTimestamp);
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send_held({"a", "b"});
  f.answers.seen();
  f.let_go();
  CHECK(f.outcomes() == "a:INVALID_TIMESTAMP b:ok");
  CHECK(f.answers.seen() == "0@1000/1+0");
  CHECK(f.partition(0).next_sequence == 1);
  CHECK(f.partition(0).last_acked_sequence == 0);
}

TEST_CASE("an answer that overtakes: what failed behind the first is sent after it again") {
  for (const bool second_stored : {false, true}) {
    SequenceFixture f;
    f.answers.then(ErrorCode::kNotEnoughReplicas);
    if (!second_stored) f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
    f.send_held({"a"});
    f.move_leaders();  // so that "b" goes to another node, whose answer comes first
    f.send_held({"b"});
    REQUIRE(f.broker_.held() == 2);
    f.answers.seen();
    f.broker_.release_from(1);
    f.advance(1);
    CHECK(f.outcomes() == (second_stored ? "b:ok" : ""));
    CHECK(f.partition(0).in_flight().size() == (second_stored ? 1 : 2));
    f.broker_.release_from(0);
    f.let_go();
    CHECK(f.answers.seen() == (second_stored ? "0@1000/0+1" : "0@1000/0+1 0@1000/0+2"));
    CHECK(f.outcomes() == (second_stored ? "b:ok a:ok" : "a:ok b:ok"));
    CHECK(f.partition(0).last_acked_sequence == 2);
    CHECK(f.partition(0).in_flight().empty());
  }
}

TEST_CASE("a duplicate leaves the last acknowledged sequence and offset as they were") {
  SequenceFixture f;
  f.send_held({"a", "b"});
  f.let_go();
  const std::int64_t offset = f.partition(0).last_acked_offset;
  f.answers.then(ErrorCode::kDuplicateSequenceNumber);
  f.send("c");
  f.advance(5);
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
  CHECK(f.outcomes_.back().offset == -1);
  CHECK(f.partition(0).last_acked_sequence == 3);
  CHECK(f.partition(0).last_acked_offset == offset);
}

TEST_CASE("a gap before the batch that is next raises the epoch, and the batch goes again from 0") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send("a");
  f.advance(50);
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/1+0");
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.broker_.coordinator.heard.empty());  // the epoch is the client's own to raise
}

TEST_CASE("after a gap another partition takes the new epoch with its next batch, from 0") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send("a", 0);
  f.advance(50);
  CHECK(f.partition(1).id.epoch == 0);
  f.send("b", 1);
  f.advance(50);
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/1+0 1@1000/1+0");
  CHECK(f.partition(1).id.epoch == 1);
  CHECK(f.outcomes() == "a:ok b:ok");
}

TEST_CASE("after a gap another partition's batch in flight keeps its epoch through its retries") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kNotEnoughReplicas);         // b
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);  // a
  f.send_held({"b"}, 1);
  f.send_held({"a"}, 0);
  f.answers.seen();
  f.broker_.release_from(0);
  f.advance(1);
  CHECK(f.id().epoch == 1);
  f.send("c", 1);
  f.let_go();
  CHECK(f.answers.seen() == "0@1000/1+0 1@1000/0+1 1@1000/1+0");
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
}

TEST_CASE("at the last epoch a new producer id is asked for, and what was queued goes out under it") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "10"}});
  f.broker_.coordinator.epoch = kLastEpoch;
  f.warm_up();
  ScriptedAnswers answers(f);
  f.send("a");
  f.advance(2);
  CHECK(answers.seen() == "0@1000/32767+0");
  f.broker_.coordinator.producer_id = 1001;
  f.broker_.coordinator.epoch = 0;
  f.broker_.holds = {ApiKey::kInitProducerId};
  answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send("b", 0);
  f.advance(20);
  CHECK_FALSE(f.producer_->transactions()->has_producer_id());
  f.send("c", 1);
  f.advance(20);
  CHECK(answers.seen() == "0@1000/32767+1");
  f.broker_.holds.clear();
  f.broker_.release();
  f.advance(50);
  // As in Kafka, the batch that cost the producer id was renumbered while there was none.
  CHECK(answers.seen() == "0@-1/-1+0 1@1001/0+0");
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
}

TEST_CASE("a producer closes while it waits for a new producer id") {
  for (const bool by_force : {false, true}) {
    ProducerFixture f(Texts{{"retry.backoff.ms", "10"}});
    f.broker_.coordinator.epoch = kLastEpoch;
    f.warm_up();
    ScriptedAnswers answers(f);
    f.broker_.holds = {ApiKey::kInitProducerId};
    answers.then(ErrorCode::kInvalidTimestamp);
    f.send("a", 0);
    f.advance(20);
    REQUIRE(f.broker_.held() == 1);
    f.send("b", 0);
    if (by_force) {
      f.producer_->sender().force_close(f.now_);
    } else {
      f.producer_->sender().initiate_close(f.now_);
    }
    f.advance(20);
    CHECK(f.producer_->sender().exited() == by_force);
    f.broker_.holds.clear();
    f.broker_.coordinator.producer_id = 1001;
    f.broker_.release();
    f.advance(100);
    CHECK(f.producer_->sender().exited());
    CHECK(f.outcomes() == (by_force ? "a:INVALID_TIMESTAMP b:KAFKA_EXCEPTION" : "a:INVALID_TIMESTAMP b:ok"));
    CHECK(f.memory_out() == 0);
  }
}

TEST_CASE("a batch drained under the old producer id is sent again under it, and stored") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "10"}}, {}, 2);
  f.broker_.coordinator.epoch = kLastEpoch;
  f.warm_up();
  ScriptedAnswers answers(f);
  f.send("x", 1);
  f.advance(100);
  answers.seen();
  f.broker_.coordinator.producer_id = 1001;
  f.broker_.coordinator.epoch = 0;
  answers.then(ErrorCode::kNotLeaderOrFollower);  // b
  answers.then(ErrorCode::kInvalidTimestamp);     // a: its gap costs the producer id
  f.broker_.holds_answers = true;
  f.send("b", 1);
  f.advance(1);
  f.send("a", 0);
  f.advance(1);
  f.broker_.release_from(0);
  f.advance(30);
  CHECK(f.producer_->transactions()->producer_id_and_epoch() == ProducerIdAndEpoch{1001, 0});
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(200);
  CHECK(answers.seen() == "1@1000/32767+1 0@1000/32767+0 1@1000/32767+1");
  f.send("c", 1);
  f.advance(5);
  CHECK(answers.seen() == "1@1001/0+0");
  CHECK(f.outcomes() == "x:ok a:INVALID_TIMESTAMP b:ok c:ok");
}
