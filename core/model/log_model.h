// The logs of one partition on all its nodes, as the brokers really have them, and what they hold of the
// producers' records: exact, in memory that follows what is still open, not what has been stored.
//
// How: the entries that every replica has can be cut from no log any more; they are folded into LogContent, a
// summary. Only entries beyond that common prefix are kept one by one, per replica. `leader_content` is the
// content of the whole log of the real leader.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/base/types.h"
#include "core/model/interval_set.h"
#include "core/model/request_model.h"

namespace sendscope {

// What an entry is: records, or the marker that decides a transaction.
enum class LogEntryKind : std::uint8_t { kRecords, kCommit, kAbort };

// Where the records of an entry stand in a log: as they were sent, or once more, or behind later ones of the
// same thread.
enum class LogStanding : std::uint8_t { kInOrder, kRepeated, kOutOfOrder };

// One batch in a log. A marker takes one offset and holds no record.
struct LogEntry {
  std::int64_t base_offset = 0;
  std::uint32_t records = 0;
  LogEntryKind kind = LogEntryKind::kRecords;
  std::int64_t pid = -1;  // of the transaction it belongs to or decides; -1: none
  RequestId request = 0;  // that brought it: the same batch may come twice, to two leaders
  LogStanding standing = LogStanding::kInOrder;  // in the log of the leader it was appended to
  bool known = false;                            // whose records these are
  std::uint16_t producer = 0;
  BatchId batch = 0;
  std::uint64_t first_number = 0;  // of its records, see BatchModel::first_number
  std::vector<ThreadSpan> spans;

  std::int64_t end() const { return base_offset + records; }
  bool operator==(const LogEntry&) const = default;
};

// What became of an entry's transaction.
enum class LogFate : std::uint8_t { kNoTransaction, kUndecided, kCommitted, kAborted };

// An entry as it is told: who stands before whom.
struct LogSegment {
  std::int64_t base_offset = 0;
  std::uint32_t records = 0;
  LogEntryKind kind = LogEntryKind::kRecords;
  LogStanding standing = LogStanding::kInOrder;
  LogFate fate = LogFate::kNoTransaction;  // set by LogModel::segments
  bool known = false;
  BatchId batch = 0;
  std::int64_t pid = -1;

  std::int64_t end() const { return base_offset + records; }
  bool operator==(const LogSegment&) const = default;
};
// Of the common prefix, the last ones.
inline constexpr std::size_t kSegmentsKept = 16;

// Where a transaction was decided in a log.
struct LogMarker {
  std::int64_t offset = 0;
  bool commit = false;
  bool operator==(const LogMarker&) const = default;
};
// Of the common prefix; the summary forgets the places of older ones.
inline constexpr std::size_t kMarkersKept = 32;

// What a log holds, as a fold of its entries in order of their offsets.
struct LogContent {
  struct OfProducer {
    IntervalSet stored;    // numbers of the records that stand in the log
    IntervalSet repeated;  // ... more than once
    bool operator==(const OfProducer&) const = default;
  };
  std::map<std::uint16_t, OfProducer> producers;
  std::map<std::uint16_t, std::uint64_t> last_of_thread;  // highest number of a first copy, by thread
  std::uint64_t out_of_order = 0;  // entries whose records stand behind later ones of the same thread
  std::map<std::int64_t, std::uint64_t> undecided;  // records of open transactions, by producer id
  std::uint64_t committed = 0;                      // records of committed transactions, and of none
  std::uint64_t aborted = 0;
  std::uint64_t markers = 0;

  LogStanding apply(const LogEntry& entry);
  std::uint64_t undecided_records() const;
  std::uint64_t duplicates() const;
  bool operator==(const LogContent&) const = default;

 private:
  void apply_transaction(const LogEntry& entry);
};

struct ReplicaLog {
  NodeId node = 0;
  std::int64_t end_offset = 0;
  std::int64_t high_watermark = 0;
  std::int64_t first_undecided = -1;  // offset of an undecided transaction's first record; -1: none
  std::int64_t coming_pid = -1;       // the next entry belongs to this producer id's transaction
  bool in_sync = false;
  bool doomed = false;         // of a topic that is deleted; the node has not heard of that yet
  bool apart = false;          // has no part of the common prefix: it began anew after that
  std::vector<LogEntry> tail;  // beyond LogModel::common_end; all it holds when apart

  std::int64_t last_stable_offset() const;
  bool operator==(const ReplicaLog&) const = default;
};

struct LogModel {
  NodeId leader = kNoNode;       // real; kNoNode: never elected, -1: none at the moment
  NodeId last_leader = kNoNode;  // whose log counts while there is none
  std::uint32_t epoch = 0;
  Nanos leader_since = 0;
  std::uint64_t in_sync = 0;  // set of node ids, as isr_changed tells it
  std::uint32_t in_sync_count = 0;
  std::vector<ReplicaLog> replicas;  // by node id
  std::int64_t common_end = 0;
  LogContent common_content;
  std::vector<LogMarker> common_markers;    // the last kMarkersKept of the common prefix, ascending
  std::vector<LogSegment> common_segments;  // the last kSegmentsKept of the common prefix, ascending
  LogContent leader_content;
  // False once a log was cut below common_end, but not to nothing: what it holds can no longer be told.
  bool exact = true;
  Nanos last_append = -1;

  const ReplicaLog* replica(NodeId node) const;
  const ReplicaLog* leader_log() const;  // nullptr: none known, or still that of a deleted topic
  std::int64_t size() const;             // records on the real leader

  // The markers in a replica's log whose places are still known, ascending.
  std::vector<LogMarker> markers(const ReplicaLog& replica) const;

  // The last entries of a replica's log, kSegmentsKept at the most, ascending.
  std::vector<LogSegment> segments(const ReplicaLog& replica) const;

  void append(NodeId node, LogEntry entry, Nanos now);
  // What the node appends next belongs to a transaction.
  void announce_transaction(NodeId node, std::int64_t pid);
  void append_marker(NodeId node, std::int64_t offset, std::int64_t pid, bool commit, Nanos now);
  void set_first_undecided(NodeId node, std::int64_t offset);
  void truncate(NodeId node, std::int64_t end_offset);
  // The topic is deleted: nobody leads any more, and every node removes its log once it hears of it. The
  // topic may have been made again by then: until a node's old log is gone, its new one counts as empty.
  void abandon();
  void remove(NodeId node);
  // The follower has fetched up to there from a leader (who may be the last to know that it leads no more).
  void copy(NodeId follower, NodeId from, std::int64_t end_offset);
  void set_high_watermark(NodeId node, std::int64_t offset);
  void set_leader(NodeId node, std::uint32_t leader_epoch, Nanos now);
  void set_in_sync(std::uint64_t members, std::uint32_t count);

  bool operator==(const LogModel&) const = default;

 private:
  ReplicaLog& replica_for(NodeId node);
  void fold_common();
  void forget_common();
  void rebuild_leader_content();
};

}  // namespace sendscope
