// Idempotence: producers the broker no longer knows, sequences nobody knows the fate of, batches that are
// split, leaders that move.
#include <limits>

#include "tests/core/producer/sequence_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

// ---- UNKNOWN_PRODUCER_ID: the broker no longer knows whom it deals with

TEST_CASE("the broker has deleted what it knew of the producer: the epoch rises, the batch goes again") {
  SequenceFixture f;
  const std::int64_t beyond = 1'000'000;
  f.answers.then(ErrorCode::kUnknownProducerId, beyond);
  f.send("a");
  f.advance(50);
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/1+0");
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("an unknown producer whose log start is not told is just tried again") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kUnknownProducerId, -1);
  f.send("a");
  f.advance(50);
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+1");
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.id().epoch == 0);
}

TEST_CASE("batches that were renumbered with the first are just tried again when they are unknown, too") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kUnknownProducerId, 1'000'000);
  f.answers.then(ErrorCode::kUnknownProducerId, 1'000'000);
  f.send_held({"a", "b"});
  f.answers.seen();
  f.broker_.release(1);
  f.advance(1);
  CHECK(f.id().epoch == 1);
  f.let_go();
  CHECK(f.answers.seen() == "0@1000/1+0 0@1000/1+1");
  CHECK(f.id().epoch == 1);  // once, not twice
  CHECK(f.outcomes() == "a:ok b:ok");
}

// ---- unresolved sequences

TEST_CASE("batches that expire before they were ever sent leave nothing unresolved") {
  ProducerFixture f(short_lives(), {}, 2);
  f.warm_up();
  ScriptedAnswers answers(f);
  f.broker_.holds = {ApiKey::kApiVersions};  // the other node never gets ready
  f.send("a", 1);
  f.advance(510);
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(answers.seen().empty());
  CHECK(f.producer_->transactions()->unresolved_sequences().empty());
  CHECK(f.producer_->transactions()->producer_id_and_epoch().epoch == 0);
}

TEST_CASE("a retried batch expires: a later success settles it, a later gap raises the epoch") {
  for (const bool later_stored : {true, false}) {
    SequenceFixture f({{"delivery.timeout.ms", "500"}, {"request.timeout.ms", "500"}});
    f.answers.then(ErrorCode::kNotEnoughReplicas);
    f.answers.then(ErrorCode::kNone);
    f.answers.then(later_stored ? ErrorCode::kNone : ErrorCode::kOutOfOrderSequenceNumber);
    f.send_held({"a"});
    f.broker_.release(1);  // "a" is tried again, and that answer does not come
    f.advance(100);
    f.send_held({"b"});
    CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+1 0@1000/0+2");
    CHECK(f.producer_->transactions()->unresolved_sequences().empty());
    f.advance(400);
    CHECK(f.outcomes() == "a:TIMEOUT");
    CHECK(f.producer_->transactions()->has_unresolved_sequence({"orders", 0}));
    CHECK(f.id().epoch == 0);
    f.send_held({"c"});
    CHECK(f.answers.seen().empty());  // no new batch before it is known what became of "a"
    f.let_go(5);
    CHECK_FALSE(f.producer_->transactions()->has_unresolved_sequence({"orders", 0}));
    CHECK(f.id().epoch == (later_stored ? 0 : 1));
    f.advance(30);
    CHECK(f.answers.seen() == (later_stored ? "0@1000/0+3" : "0@1000/1+0 0@1000/1+1"));
    CHECK(f.outcomes() == "a:TIMEOUT b:ok c:ok");
  }
}

TEST_CASE("after an expiry and a new epoch, the same sequence is another batch") {
  SequenceFixture f({{"delivery.timeout.ms", "500"}, {"request.timeout.ms", "500"}});
  f.answers.then(ErrorCode::kNotEnoughReplicas);
  f.send_held({"a"});
  f.broker_.release(1);
  f.advance(500);
  CHECK(f.outcomes() == "a:TIMEOUT");
  f.answers.seen();
  f.send_held({"b", "c"});
  CHECK(f.answers.seen() == "0@1000/1+0 0@1000/1+1");
  f.release_one();  // the late answer to "a", which had sequence 1
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(f.partition(0).in_flight().size() == 2);
  f.let_go();
  CHECK(f.outcomes() == "a:TIMEOUT b:ok c:ok");
}

TEST_CASE("a batch in flight that fails after another partition raised the epoch raises it once more") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kInvalidTimestamp);          // b
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);  // a
  f.send_held({"b"}, 1);
  f.send_held({"a"}, 0);
  f.broker_.release_from(0);
  f.advance(1);
  CHECK(f.id().epoch == 1);
  f.let_go();
  CHECK(f.id().epoch == 2);
  CHECK(f.outcomes() == "b:INVALID_TIMESTAMP a:ok");
  f.answers.seen();
  f.send("c", 1);
  f.advance(20);
  CHECK(f.answers.seen() == "1@1000/2+0");
}

TEST_CASE("only the partition that asked for it starts anew when the producer id is given up") {
  ProducerFixture f;
  f.broker_.coordinator.epoch = std::numeric_limits<std::int16_t>::max();
  f.warm_up();
  ScriptedAnswers answers(f);
  f.send("a", 0);
  f.send("b", 1);
  f.advance(5);
  f.broker_.holds = {ApiKey::kInitProducerId};
  answers.then(ErrorCode::kInvalidTimestamp);
  f.send("c", 0);
  f.advance(5);
  const TxnPartitionMap partitions = f.producer_->transactions()->partitions();
  CHECK(partitions.at({"orders", 0}).next_sequence == 0);
  CHECK(partitions.at({"orders", 0}).last_acked_sequence == kNoSequence);
  CHECK(partitions.at({"orders", 1}).next_sequence == 1);
  CHECK(partitions.at({"orders", 1}).last_acked_sequence == 0);
  CHECK_FALSE(f.producer_->transactions()->has_producer_id());
}

TEST_CASE("in a fatal state a batch that fails no longer raises the epoch") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kClusterAuthorizationFailed);
  f.answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send_held({"a"}, 0);
  f.send_held({"b"}, 1);
  f.broker_.release_from(0);
  f.advance(5);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED b:CLUSTER_AUTHORIZATION_FAILED");
  CHECK(f.memory_out() > 0);  // what is on the wire keeps its memory until its request ends
  f.let_go();
  CHECK(f.memory_out() == 0);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED b:CLUSTER_AUTHORIZATION_FAILED");
  CHECK(f.id().epoch == 0);
  CHECK(f.producer_->transactions()->has_fatal_error());
}

TEST_CASE("a version that nodes do not know is fatal; an old message format costs the batch only") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kUnsupportedForMessageFormat);
  f.send("a");
  f.advance(5);
  CHECK(f.outcomes() == "a:UNSUPPORTED_FOR_MESSAGE_FORMAT");
  CHECK_FALSE(f.producer_->transactions()->has_error());

  ProducerFixture old;
  old.broker_.latest[ApiKey::kProduce] = -1;
  old.warm_up();
  old.send("a");
  old.advance(20);
  CHECK(old.outcomes() == "a:UNSUPPORTED_VERSION");
  CHECK(old.producer_->transactions()->has_fatal_error());
}

// ---- a batch that is too large

TEST_CASE("the parts of a split batch follow each other in sequence, and the large one is forgotten") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kMessageTooLarge);  // both records still fit into one part
  f.answers.then(ErrorCode::kMessageTooLarge);  // which is halved
  f.send("a", 0, 6'000);
  f.send("b", 0, 6'000);
  f.advance(20);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+1 0@1000/0+1 0@1000/0+2");
  CHECK(f.partition(0).next_sequence == 3);
  CHECK(f.partition(0).last_acked_sequence == 2);
  CHECK(f.partition(0).in_flight().empty());
  CHECK(f.producer_->sender().in_flight_batches().empty());
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a record that is too large by itself is not split but fails") {
  SequenceFixture f;
  f.answers.then(ErrorCode::kMessageTooLarge);
  f.send("a", 0, 6'000);
  f.advance(20);
  CHECK(f.outcomes() == "a:MESSAGE_TOO_LARGE");
  CHECK(f.answers.seen() == "0@1000/0+1");
  CHECK(f.memory_out() == 0);
}

// ---- answers that say who leads now (KIP-951)

namespace {

ScriptedAnswers::Answer not_leader(NodeId leader = -1, std::int32_t epoch = -1) {
  ScriptedAnswers::Answer answer;
  answer.error_code = static_cast<std::int16_t>(ErrorCode::kNotLeaderOrFollower);
  answer.current_leader = {leader, epoch};
  return answer;
}

}  // namespace

TEST_CASE("an answer that names the new leader: the batch goes there at once, without its backoff") {
  SequenceFixture f({{"retry.backoff.ms", "1000"}, {"retry.backoff.max.ms", "1000"}});
  f.answers.then(not_leader(1, 5));
  f.send("a", 0);
  f.advance(5);
  CHECK(f.producer_->metadata().snapshot()->leader_of("orders", 0) == 1);
  CHECK(f.answers.seen() == "0@1000/0+1 0@1000/0+1");
  CHECK(f.outcomes() == "a:ok");
}

TEST_CASE("an answer that only says who does not lead: metadata is asked for, the batch backs off") {
  SequenceFixture f({{"retry.backoff.ms", "1000"}, {"retry.backoff.max.ms", "1000"}});
  f.answers.then(not_leader());
  f.send("a", 0);
  f.advance(2);
  CHECK(f.producer_->metadata().snapshot()->leader_of("orders", 0) == 0);
  f.advance(900);
  CHECK(f.count(f.events(), EventKind::metadata_requested) > 0);
  CHECK(f.answers.seen() == "0@1000/0+1");  // the same leader in the same epoch: the backoff counts
  f.advance(200);
  CHECK(f.answers.seen() == "0@1000/0+1");
  CHECK(f.outcomes() == "a:ok");
}
