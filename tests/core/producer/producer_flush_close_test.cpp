// flush() and close(), and the order of completion.
#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

TEST_CASE("flush sends what lingers and returns when it is done, not before") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}});
  f.warm_up();
  f.send("a", 0);
  f.send("b", 1);
  CountingWaiter waiter;
  FlushOp flush(*f.producer_, 0, waiter);
  f.broker_.holds_answers = true;
  CHECK(flush.advance(f.now_) == Step::kBlocked);
  CHECK(flush.remaining() == 2);
  f.advance(3);
  CHECK(f.broker_.held() == 1);  // both partitions in one request: one node
  CHECK(flush.advance(f.now_) == Step::kBlocked);
  f.send("later", 0);  // not waited for
  f.broker_.release();
  f.broker_.holds_answers = false;
  f.run();
  CHECK(waiter.wakes > 0);
  CHECK(flush.advance(f.now_) == Step::kDone);
  CHECK(f.outcomes().substr(0, 9) == "a:ok b:ok");
  CHECK(f.producer_->accumulator().flushes() == 0);
}

TEST_CASE("a flush given up no longer hurries anybody") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}});
  f.warm_up();
  f.send("a", 0);
  f.broker_.holds_answers = true;
  CountingWaiter waiter;
  {
    FlushOp flush(*f.producer_, 0, waiter);
    CHECK(flush.advance(f.now_) == Step::kBlocked);
    CHECK(f.producer_->accumulator().flush_in_progress());
  }
  CHECK_FALSE(f.producer_->accumulator().flush_in_progress());
}

TEST_CASE("a flush waits for the parts of a batch that was split") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}});
  f.warm_up();
  int asked = 0;
  f.broker_.verdict = [&asked](const std::string&, const wire::ProducePartitionData&,
                               wire::ProducePartitionResponse& answer) {
    if (asked++ == 0) answer.error_code = static_cast<std::int16_t>(ErrorCode::kMessageTooLarge);
  };
  f.send("a", 0, 5'000);
  f.send("b", 0, 5'000);
  CountingWaiter waiter;
  FlushOp flush(*f.producer_, 0, waiter);
  CHECK(flush.advance(f.now_) == Step::kBlocked);
  Step step = Step::kBlocked;
  for (int i = 0; i < 50 && step != Step::kDone; ++i) {
    f.advance(1);
    step = flush.advance(f.now_);
    if (step != Step::kDone) CHECK(f.outcomes() != "a:ok b:ok");
  }
  CHECK(step == Step::kDone);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a graceful close sends everything first") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}});
  f.warm_up();
  f.send("a", 0);
  f.send("b", 1);
  CountingWaiter waiter;
  CloseOp close(*f.producer_, 0, waiter, ms(5'000));
  CHECK(close.advance(f.now_) == Step::kBlocked);
  f.advance(5);
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.producer_->sender().exited());
  CHECK(waiter.wakes > 0);
  CHECK(close.advance(f.now_) == Step::kDone);
  const auto events = f.events();
  CHECK(f.count(events, EventKind::close_began) == 1);
  CHECK(f.count(events, EventKind::close_ended) == 1);
  CHECK(f.memory_out() == 0);
}

TEST_CASE("a close that runs out of time fails what is left, in the order of the records") {
  ProducerFixture f;
  f.warm_up();
  f.broker_.holds_answers = true;
  f.send("a", 1);
  f.advance(2);
  f.send("b", 0);
  CountingWaiter waiter;
  CloseOp close(*f.producer_, 0, waiter, ms(100));
  CHECK(close.advance(f.now_) == Step::kBlocked);
  f.advance(99);
  CHECK(close.advance(f.now_) == Step::kBlocked);
  CHECK(f.outcomes().empty());
  f.advance(1);
  CHECK(close.advance(f.now_) == Step::kBlocked);  // forced now; the sender has to run
  f.run();
  CHECK(close.advance(f.now_) == Step::kDone);
  CHECK(f.outcomes() == "a:KAFKA_EXCEPTION b:KAFKA_EXCEPTION");
  bool forced = false;
  for (const Event& event : f.events())
    if (event.kind == EventKind::close_ended) forced = event.a == 1;
  CHECK(forced);
}

TEST_CASE("close with no time at all forces at once") {
  ProducerFixture f(Texts{{"linger.ms", "1000"}});
  f.warm_up();
  f.send("a");
  CountingWaiter waiter;
  CloseOp close(*f.producer_, 0, waiter, 0);
  CHECK(close.advance(f.now_) == Step::kBlocked);
  f.run();
  CHECK(close.advance(f.now_) == Step::kDone);
  CHECK(f.outcomes() == "a:KAFKA_EXCEPTION");
}

TEST_CASE("callbacks of a batch run in append order, all before its latch opens") {
  ProducerFixture f(Texts{{"linger.ms", "5"}});
  f.warm_up();
  f.events();
  for (const char* name : {"a", "b", "c"}) f.send(name, 0);
  f.advance(10);
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
  CHECK(f.outcomes_[2].offset == f.outcomes_[0].offset + 2);
  std::vector<EventKind> kinds;
  for (const Event& event : f.events()) {
    if (event.kind == EventKind::batch_stored || event.kind == EventKind::batch_completed ||
        event.kind == EventKind::record_completed || event.kind == EventKind::latch_released ||
        event.kind == EventKind::incomplete_removed || event.kind == EventKind::batch_freed)
      kinds.push_back(event.kind);
  }
  CHECK(kinds == std::vector{EventKind::batch_stored, EventKind::batch_completed, EventKind::record_completed,
                             EventKind::record_completed, EventKind::record_completed,
                             EventKind::latch_released, EventKind::incomplete_removed,
                             EventKind::batch_freed});
}

TEST_CASE("partitionsFor waits for metadata and tells the number") {
  ProducerFixture f;
  CountingWaiter waiter;
  PartitionsForOp op(*f.producer_, "orders", 0, waiter);
  CHECK(op.advance(f.now_) == Step::kBlocked);
  for (int i = 0; i < 100 && op.advance(f.now_) != Step::kDone; ++i) f.advance(1);
  REQUIRE(op.advance(f.now_) == Step::kDone);
  REQUIRE(op.result().ok());
  CHECK(*op.result() == 2);

  PartitionsForOp bad(*f.producer_, "nowhere", 0, waiter);
  CHECK(bad.advance(f.now_) == Step::kBlocked);
  f.advance(60'001);
  REQUIRE(bad.advance(f.now_) == Step::kDone);
  REQUIRE_FALSE(bad.result().ok());
  CHECK(bad.result().error().code == ErrorCode::kTimeout);
}
