#include "core/model/log_model.h"

#include <algorithm>
#include <utility>

namespace sendscope {

void LogContent::apply_transaction(const LogEntry& entry) {
  if (entry.kind == LogEntryKind::kRecords) {
    (entry.pid < 0 ? committed : undecided[entry.pid]) += entry.records;
    return;
  }
  ++markers;
  const auto open = undecided.find(entry.pid);
  if (open == undecided.end()) return;  // a marker that was written again
  (entry.kind == LogEntryKind::kCommit ? committed : aborted) += open->second;
  undecided.erase(open);
}

std::uint64_t LogContent::undecided_records() const {
  std::uint64_t out = 0;
  for (const auto& [pid, records] : undecided) out += records;
  return out;
}

LogStanding LogContent::apply(const LogEntry& entry) {
  apply_transaction(entry);
  if (!entry.known) return LogStanding::kInOrder;
  OfProducer& of = producers[entry.producer];
  const std::uint64_t end = entry.first_number + entry.records;
  const std::vector<IntervalSet::Range> again = of.stored.common(entry.first_number, end);
  std::uint64_t known_already = 0;
  for (const IntervalSet::Range& range : again) {
    of.repeated.add(range.first, range.end);
    known_already += range.end - range.first;
  }
  if (known_already == entry.records) return LogStanding::kRepeated;
  of.stored.add(entry.first_number, end);
  bool behind_later_ones = false;
  for (const ThreadSpan& span : entry.spans) {
    const auto [last, first_time] = last_of_thread.try_emplace(span.thread, span.last);
    if (first_time) continue;
    if (span.first < last->second) behind_later_ones = true;
    last->second = std::max(last->second, span.last);
  }
  if (!behind_later_ones) return LogStanding::kInOrder;
  ++out_of_order;
  return LogStanding::kOutOfOrder;
}

std::uint64_t LogContent::duplicates() const {
  std::uint64_t out = 0;
  for (const auto& [producer, of] : producers) out += of.repeated.size();
  return out;
}

std::int64_t ReplicaLog::last_stable_offset() const {
  return first_undecided < 0 ? high_watermark : std::min(first_undecided, high_watermark);
}

const ReplicaLog* LogModel::replica(NodeId node) const {
  for (const ReplicaLog& log : replicas) {
    if (log.node == node) return &log;
  }
  return nullptr;
}

const ReplicaLog* LogModel::leader_log() const {
  const ReplicaLog* log = replica(leader >= 0 ? leader : last_leader);
  return log == nullptr || log->doomed ? nullptr : log;
}

std::int64_t LogModel::size() const {
  const ReplicaLog* log = leader_log();
  return log == nullptr ? 0 : log->end_offset - static_cast<std::int64_t>(leader_content.markers);
}

std::vector<LogMarker> LogModel::markers(const ReplicaLog& log) const {
  std::vector<LogMarker> out;
  for (const LogMarker& marker : common_markers) {
    if (log.apart) break;
    if (marker.offset < log.end_offset) out.push_back(marker);
  }
  for (const LogEntry& entry : log.tail) {
    if (entry.kind != LogEntryKind::kRecords)
      out.push_back({entry.base_offset, entry.kind == LogEntryKind::kCommit});
  }
  return out;
}

namespace {

LogSegment segment_of(const LogEntry& entry) {
  return {entry.base_offset,       entry.records, entry.kind,  entry.standing,
          LogFate::kNoTransaction, entry.known,   entry.batch, entry.pid};
}

// The nearest marker of its transaction behind an entry decides it.
void decide(std::vector<LogSegment>& segments) {
  std::map<std::int64_t, LogFate> decided;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    if (segment->kind != LogEntryKind::kRecords) {
      decided[segment->pid] =
          segment->kind == LogEntryKind::kCommit ? LogFate::kCommitted : LogFate::kAborted;
    } else if (segment->pid >= 0) {
      const auto found = decided.find(segment->pid);
      segment->fate = found == decided.end() ? LogFate::kUndecided : found->second;
    }
  }
}

}  // namespace

std::vector<LogSegment> LogModel::segments(const ReplicaLog& log) const {
  std::vector<LogSegment> out;
  for (const LogSegment& segment : common_segments) {
    if (!log.apart && segment.end() <= log.end_offset) out.push_back(segment);
  }
  const std::size_t told = std::min(log.tail.size(), kSegmentsKept);
  for (std::size_t i = log.tail.size() - told; i < log.tail.size(); ++i)
    out.push_back(segment_of(log.tail[i]));
  if (out.size() > kSegmentsKept) out.erase(out.begin(), out.end() - kSegmentsKept);
  decide(out);
  return out;
}

ReplicaLog& LogModel::replica_for(NodeId node) {
  auto at = std::lower_bound(replicas.begin(), replicas.end(), node,
                             [](const ReplicaLog& log, NodeId id) { return log.node < id; });
  if (at == replicas.end() || at->node != node) {
    at = replicas.insert(at, ReplicaLog{});
    at->node = node;
    at->apart = common_end > 0;
    at->in_sync = node >= 0 && node < 64 && (in_sync >> node & 1) != 0;
  }
  return *at;
}

void LogModel::append(NodeId node, LogEntry entry, Nanos now) {
  // Nothing is no entry. (It could be copied to and fro for ever, without an end growing.)
  if (entry.records == 0) return;
  ReplicaLog& log = replica_for(node);
  if (entry.base_offset < log.end_offset) truncate(node, entry.base_offset);
  if (entry.kind == LogEntryKind::kRecords) entry.pid = std::exchange(log.coming_pid, -1);
  log.end_offset = entry.end();
  log.tail.push_back(std::move(entry));
  last_append = now;
  if (leader_log() == &log) log.tail.back().standing = leader_content.apply(log.tail.back());
  fold_common();
}

void LogModel::announce_transaction(NodeId node, std::int64_t pid) { replica_for(node).coming_pid = pid; }

void LogModel::append_marker(NodeId node, std::int64_t offset, std::int64_t pid, bool commit, Nanos now) {
  LogEntry marker;
  marker.base_offset = offset;
  marker.records = 1;
  marker.kind = commit ? LogEntryKind::kCommit : LogEntryKind::kAbort;
  marker.pid = pid;
  append(node, std::move(marker), now);
}

void LogModel::set_first_undecided(NodeId node, std::int64_t offset) {
  replica_for(node).first_undecided = offset;
}

void LogModel::truncate(NodeId node, std::int64_t end_offset) {
  ReplicaLog& log = replica_for(node);
  const bool anew = end_offset == 0 && common_end > 0 && !log.apart;
  if (anew) {
    log.apart = true;
  } else if (end_offset < common_end && !log.apart) {
    exact = false;
  }
  const bool cut = anew || (!log.tail.empty() && log.tail.back().end() > end_offset);
  while (!log.tail.empty() && log.tail.back().end() > end_offset) log.tail.pop_back();
  log.end_offset = end_offset;
  log.high_watermark = std::min(log.high_watermark, end_offset);
  if (anew) forget_common();
  if (cut && leader_log() == &log) rebuild_leader_content();
}

void LogModel::abandon() {
  leader = -1;
  last_leader = kNoNode;
  in_sync = 0;
  in_sync_count = 0;
  for (ReplicaLog& log : replicas) {
    log.in_sync = false;
    log.doomed = true;
  }
  rebuild_leader_content();
}

void LogModel::remove(NodeId node) {
  std::erase_if(replicas, [node](const ReplicaLog& log) { return log.node == node; });
  if (in_sync_count > 0 && node >= 0 && node < 64 && (in_sync >> node & 1) != 0) replica_for(node);
  forget_common();
  rebuild_leader_content();
}

void LogModel::copy(NodeId follower, NodeId from_node, std::int64_t end_offset) {
  ReplicaLog& log = replica_for(follower);
  const ReplicaLog* source = replica(from_node);
  if (end_offset < log.end_offset) return truncate(follower, end_offset);
  if (log.apart && log.end_offset == 0 && source != nullptr && !source->apart) {
    log.apart = false;  // it copies the common prefix too
    if (end_offset < common_end) exact = false;
  }
  if (source != nullptr && source != &log) {
    const auto from =
        std::lower_bound(source->tail.begin(), source->tail.end(), log.end_offset,
                         [](const LogEntry& entry, std::int64_t at) { return entry.base_offset < at; });
    for (auto at = from; at != source->tail.end() && at->end() <= end_offset; ++at) {
      log.tail.push_back(*at);
      if (leader_log() == &log) leader_content.apply(*at);  // elected, and has not heard of it
    }
  }
  log.end_offset = end_offset;
  fold_common();
}

void LogModel::set_high_watermark(NodeId node, std::int64_t offset) {
  replica_for(node).high_watermark = offset;
  fold_common();
}

void LogModel::set_leader(NodeId node, std::uint32_t leader_epoch, Nanos now) {
  const NodeId before = leader >= 0 ? leader : last_leader;
  leader = node;
  epoch = leader_epoch;
  leader_since = now;
  if (node < 0) return;
  last_leader = node;
  replica_for(node);
  if (node != before) rebuild_leader_content();
}

void LogModel::set_in_sync(std::uint64_t members, std::uint32_t count) {
  in_sync = members;
  in_sync_count = count;
  for (NodeId node = 0; node < 64; ++node) {
    if ((members >> node & 1) != 0) replica_for(node);
  }
  for (ReplicaLog& log : replicas)
    log.in_sync = log.node >= 0 && log.node < 64 && (members >> log.node & 1) != 0;
}

// An entry that all replicas have, and that the leader knows to be there for good, can be cut from no log.
void LogModel::fold_common() {
  const ReplicaLog* source = leader_log();
  if (source == nullptr) return;
  std::int64_t end = source->high_watermark;
  for (const ReplicaLog& log : replicas) {
    // Who is out of sync may hold an equal batch that it appended itself, when it believed to lead: that is
    // cut off.
    if ((in_sync_count > 0 && !log.in_sync) || log.apart) return;
    end = std::min(end, log.end_offset);
  }
  std::size_t count = 0;
  for (; count < source->tail.size() && source->tail[count].end() <= end; ++count) {
    const LogEntry& entry = source->tail[count];
    const bool everywhere = std::all_of(replicas.begin(), replicas.end(), [&](const ReplicaLog& log) {
      return count < log.tail.size() && log.tail[count] == entry;
    });
    if (!everywhere) break;
    common_content.apply(entry);
    if (common_segments.size() == kSegmentsKept) common_segments.erase(common_segments.begin());
    common_segments.push_back(segment_of(entry));
    if (entry.kind != LogEntryKind::kRecords) {
      if (common_markers.size() == kMarkersKept) common_markers.erase(common_markers.begin());
      common_markers.push_back({entry.base_offset, entry.kind == LogEntryKind::kCommit});
    }
    common_end = entry.end();
  }
  if (count == 0) return;
  for (ReplicaLog& log : replicas) {
    log.tail.erase(log.tail.begin(), log.tail.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

// Once no log has it, there is no common prefix, and each log is known entry by entry.
void LogModel::forget_common() {
  if (std::any_of(replicas.begin(), replicas.end(), [](const ReplicaLog& log) { return !log.apart; })) return;
  common_end = 0;
  common_content = {};
  common_markers.clear();
  common_segments.clear();
  exact = true;
  for (ReplicaLog& log : replicas) log.apart = false;
}

void LogModel::rebuild_leader_content() {
  const ReplicaLog* log = leader_log();
  leader_content = log == nullptr || log->apart ? LogContent{} : common_content;
  if (log == nullptr) return;
  for (const LogEntry& entry : log->tail) leader_content.apply(entry);
}

}  // namespace sendscope
