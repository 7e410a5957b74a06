// What a log holds of transactions: open until a marker decides them, and what read_committed gets to see.
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

constexpr std::uint64_t kPid = 7;

// Records of a transaction, appended by node 1, which leads orders-0.
void append_open(Script& script, std::uint32_t base_offset, std::uint32_t records, std::uint64_t pid = kPid) {
  script.emit({.kind = EventKind::txn_appended,
               .actor = 1,
               .place = 0,
               .subject = pid,
               .a = base_offset,
               .b = records});
  script.emit({.kind = EventKind::log_appended, .actor = 1, .place = 0, .a = base_offset, .b = records});
}

void decide(Script& script, std::uint32_t offset, TxnMarker marker, std::uint64_t pid = kPid) {
  script.emit({.kind = EventKind::txn_marker,
               .actor = 1,
               .place = 0,
               .subject = pid,
               .a = offset,
               .b = static_cast<std::uint32_t>(marker)});
}

}  // namespace

TEST_CASE("records of a transaction are open until its marker; the marker is no record") {
  Script script;
  script.emit({.kind = EventKind::log_appended, .actor = 1, .place = 0, .a = 0, .b = 1});
  append_open(script, 1, 3);
  CHECK(script.holds("partition('orders-0').log.committed == 1 and partition('orders-0').log.open == 3"));
  decide(script, 4, TxnMarker::kCommit);
  CHECK(script.holds("partition('orders-0').log.committed == 4 and partition('orders-0').log.open == 0"));
  append_open(script, 5, 2);
  decide(script, 7, TxnMarker::kAbort);
  CHECK(script.holds("partition('orders-0').log.committed == 4 and partition('orders-0').log.aborted == 2"));
  CHECK(script.holds("partition('orders-0').log.size == 6"));
}

TEST_CASE("two transactions in one log are decided each by its own marker; a second marker changes nothing") {
  Script script;
  append_open(script, 0, 2, 7);
  append_open(script, 2, 3, 8);
  decide(script, 5, TxnMarker::kAbort, 7);
  decide(script, 6, TxnMarker::kAbort, 7);
  CHECK(script.holds("partition('orders-0').log.aborted == 2 and partition('orders-0').log.open == 3"));
  decide(script, 7, TxnMarker::kCommit, 8);
  CHECK(script.holds("partition('orders-0').log.committed == 3 and partition('orders-0').log.size == 5"));
}

TEST_CASE("each batch of a log knows what became of its transaction") {
  Script script;
  append_open(script, 0, 2, 7);
  append_open(script, 2, 1, 8);
  decide(script, 3, TxnMarker::kCommit, 7);
  append_open(script, 4, 1, 7);
  decide(script, 5, TxnMarker::kAbort, 7);
  script.emit({.kind = EventKind::log_appended, .actor = 1, .place = 0, .a = 6, .b = 1});
  const PipelineModel model = script.model();
  const LogModel& log = model.partitions[0].log;
  std::vector<LogFate> fates;
  for (const LogSegment& segment : log.segments(*log.replica(1))) fates.push_back(segment.fate);
  const LogFate none = LogFate::kNoTransaction;  // markers have none either
  CHECK(fates ==
        std::vector<LogFate>{LogFate::kCommitted, LogFate::kUndecided, none, LogFate::kAborted, none, none});
}

TEST_CASE("the last stable offset stays before an undecided transaction") {
  Script script;
  append_open(script, 0, 2);
  script.emit({.kind = EventKind::stable_below, .actor = 1, .place = 0, .a = 0});
  script.watermark(1, 0, 2);
  CHECK(script.holds("partition('orders-0').log.high_watermark == 2"));
  CHECK(script.holds("partition('orders-0').log.last_stable == 0"));
  decide(script, 2, TxnMarker::kCommit);
  script.watermark(1, 0, 3);
  script.emit({.kind = EventKind::all_stable, .actor = 1, .place = 0});
  CHECK(script.holds("partition('orders-0').log.last_stable == 3"));
}

TEST_CASE("what a follower copies keeps its transaction, also when it leads later") {
  Script script;
  append_open(script, 0, 2);
  script.fetch(2, 0, 2);
  script.elect(0, 2, 2);
  CHECK(script.holds("partition('orders-0').log.open == 2 and partition('orders-0').log.committed == 0"));
}

TEST_CASE("a transactional id: who coordinates it, and where it stands") {
  Script script;
  CHECK(script.holds("transaction('tx').state == 'empty' and transaction('tx').coordinator == -1"));
  script.emit({.kind = EventKind::txn_coordinated,
               .actor = 3,
               .place = 2,
               .subject = kPid,
               .a = script.word("tx"),
               .b = static_cast<std::uint32_t>(TxnStage::kPrepareCommit)});
  CHECK(script.holds("transaction('tx').state == 'prepare_commit' and transaction('tx').coordinator == 2"));
}

}  // namespace sendscope
