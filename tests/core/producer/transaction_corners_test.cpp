// Corners of transactions that Kafka's own transcripts showed.
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

void say(TransactionFixture& f, ApiKey api, ErrorCode error) { f.coordinator().errors[api].push_back(error); }

}  // namespace

TEST_CASE("an abort that needs a new id without ever having had one asks for it as at the very first") {
  TransactionFixture f(2);
  say(f, ApiKey::kInitProducerId, ErrorCode::kTransactionAbortable);
  CHECK(f.finish(f.init()) == "TRANSACTION_ABORTABLE");
  CHECK(f.txn().state() == TxnState::kAbortable);
  const TxnResultPtr abort = f.abort();
  CHECK(f.txn().state() == TxnState::kInitializing);
  CHECK(f.finish(abort) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1 init:-1/-1");
  CHECK(f.txn().producer_id_and_epoch() == ProducerIdAndEpoch{1000, 0});
}

TEST_CASE("an abort answered with TRANSACTION_ABORTABLE is fatal, and says what it came from") {
  TransactionFixture f;
  f.begin();
  f.send("a", 0);
  f.advance(20);
  say(f, ApiKey::kEndTxn, ErrorCode::kTransactionAbortable);
  const TxnResultPtr abort = f.abort();
  CHECK(f.finish(abort) == "KAFKA_EXCEPTION");
  CHECK(abort->error()->cause == ErrorCode::kTransactionAbortable);
  CHECK(f.txn().has_fatal_error());
}

TEST_CASE("a group coordinator that does not know the producer's id is an unexpected, fatal error") {
  TransactionFixture f;
  f.begin();
  f.coordinator().partition_errors[{"orders", 1}].push_back(ErrorCode::kInvalidProducerIdMapping);
  CHECK(f.finish(f.offsets()) == "KAFKA_EXCEPTION");
  CHECK(f.last_error() == "KAFKA_EXCEPTION");
  CHECK(f.txn().has_fatal_error());
}
