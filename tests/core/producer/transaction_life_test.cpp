// A transaction from its beginning to its end, in both protocols: what is asked, in which order.
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

TEST_CASE("a transaction of version 1: lookup, id, partitions, records, offsets, end, in this order") {
  TransactionFixture f;
  CHECK(f.finish(f.init()) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1");
  CHECK(f.txn().state() == TxnState::kReady);
  f.begin();
  f.send("a", 0);
  f.advance(5);
  const TxnResultPtr offsets = f.offsets();
  CHECK(f.finish(offsets) == "ok");
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "add:orders-0 produce:orders-0 offsets:g find-group:g commit-offsets:orders-1 commit");
  CHECK(f.outcomes() == "a:ok");
  CHECK_FALSE(f.txn().has_ongoing_transaction());
}

TEST_CASE("a transaction of version 2 registers nothing: records and offsets speak for themselves") {
  TransactionFixture f(2);
  f.begin();
  CHECK(f.txn().is_transaction_v2_enabled());
  f.send("a", 0);
  f.advance(5);
  CHECK(f.finish(f.offsets()) == "ok");
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1 produce:orders-0 find-group:g commit-offsets:orders-1 commit");
  CHECK(f.txn().producer_id_and_epoch() == ProducerIdAndEpoch{1000, 1});  // every end raises the epoch
}
