#include "sim/replica_manager.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope::sim {
namespace {
constexpr std::int32_t kMarkerBytes = 78;  // a control batch: the header and one record of 17 bytes
}

Event ReplicaManager::event(EventKind kind, PartitionNumber p, Nanos now) const {
  return {.t = now,
          .kind = kind,
          .actor = static_cast<std::uint16_t>(node_),
          .place = catalog_.partitions[p].event_index};
}

Replica& ReplicaManager::replica(PartitionNumber p) {
  if (p >= replicas_.size()) replicas_.resize(p + 1);
  return replicas_[p];
}

// ---- what the controller says

void ReplicaManager::delete_logs(std::size_t topic, Nanos now) {
  for (const PartitionNumber p : catalog_.topics[topic].partitions) {
    Replica& mine = replica(p);
    if (!mine.hosted) continue;
    if (mine.told_unstable >= 0) emit_stability(p, -1, now);
    if (mine.leading) {
      mine.leading = mine.hosted = false;
      revisit_delayed(p, now);
    }
    mine = Replica{};
    env_.sink.emit(event(EventKind::log_deleted, p, now));
  }
}

void ReplicaManager::apply(PartitionNumber p, const PartitionState& state, Nanos now) {
  if (catalog_.topic_of(p).deleted) return;
  const auto& replicas = catalog_.partitions[p].replicas;
  Replica& mine = replica(p);
  mine.hosted = std::find(replicas.begin(), replicas.end(), node_) != replicas.end();
  if (!mine.hosted) return;
  if (env_.config.keep_batches && !mine.log.keeps_bytes()) mine.log.keep_bytes();
  if (state.leader == node_) {
    lead(p, state, now);
  } else {
    follow(p, state, now);
  }
}

void ReplicaManager::lead(PartitionNumber p, const PartitionState& state, Nanos now) {
  Replica& mine = replica(p);
  if (mine.leading && mine.leader_epoch == state.leader_epoch) {
    mine.isr = state.isr;
    return advance_high_watermark(p, now);
  }
  mine.leading = true;
  mine.leader_epoch = state.leader_epoch;
  mine.isr = state.isr;
  mine.log.begin_epoch(state.leader_epoch);
  mine.followers.clear();
  for (const NodeId node : catalog_.partitions[p].replicas) {
    if (node != node_) mine.followers.push_back({.node = node, .caught_up_at = now, .last_fetch_at = now});
  }
  advance_high_watermark(p, now);
  listener_.on_leading(p, now);
}

void ReplicaManager::follow(PartitionNumber p, const PartitionState& state, Nanos now) {
  Replica& mine = replica(p);
  mine.leader_epoch = state.leader_epoch;
  if (!mine.leading) return;
  mine.leading = false;
  mine.followers.clear();
  revisit_delayed(p, now);
}

void ReplicaManager::shut_down() {
  delayed_.clear();
  for (Replica& replica : replicas_) {
    replica.waiting.clear();
    replica.leading = false;
  }
}

// ---- leading

// The least log end among the in-sync replicas, unless they are too few (Kafka 3.7 and later).
void ReplicaManager::advance_high_watermark(PartitionNumber p, Nanos now) {
  Replica& mine = replica(p);
  if (!mine.leading) return;
  if (mine.isr.size() >= catalog_.effective_min_isr(p)) {
    std::int64_t least = mine.log.end_offset();
    for (const NodeId node : mine.isr) {
      if (node == node_) continue;
      const Follower* follower = mine.follower(node);
      if (follower != nullptr) least = std::min(least, follower->end_offset);
    }
    if (least > mine.high_watermark) {
      SENDSCOPE_CHECK(least <= mine.log.end_offset());
      mine.high_watermark = least;
      mine.producers.on_high_watermark(least);
      Event risen = event(EventKind::high_watermark, p, now);
      risen.a = static_cast<std::uint32_t>(least);
      env_.sink.emit(risen);
      listener_.on_high_watermark(p);
    }
  }
  tell_stability(p, now);
  if (!mine.waiting.empty()) revisit_delayed(p, now);
}

// Where consumers with read_committed have to wait, whenever that changes.
void ReplicaManager::tell_stability(PartitionNumber p, Nanos now) {
  Replica& mine = replica(p);
  const std::int64_t unstable = mine.producers.first_unstable(mine.high_watermark);
  if (unstable != mine.told_unstable) emit_stability(p, unstable, now);
}

void ReplicaManager::emit_stability(PartitionNumber p, std::int64_t unstable, Nanos now) {
  replica(p).told_unstable = unstable;
  Event told = event(unstable < 0 ? EventKind::all_stable : EventKind::stable_below, p, now);
  told.a = unstable < 0 ? 0 : static_cast<std::uint32_t>(unstable);
  env_.sink.emit(told);
}

void ReplicaManager::propose_isr(PartitionNumber p, std::vector<NodeId> isr, Nanos now) {
  Replica& mine = replica(p);
  if (!listener_.change_isr(p, mine.leader_epoch, std::move(isr))) return;
  mine.isr = catalog_.partitions[p].state.isr;
  advance_high_watermark(p, now);
}

std::int64_t ReplicaManager::append_marker(PartitionNumber p, std::int64_t producer_id, std::int16_t epoch,
                                           bool commit, Nanos now) {
  Replica& mine = replica(p);
  if (!mine.leading || mine.isr.size() < catalog_.effective_min_isr(p)) return -1;
  LogBatch marker;
  marker.base_offset = mine.log.end_offset();
  marker.producer_id = producer_id;
  marker.producer_epoch = epoch;
  marker.timestamp_ms = to_millis(now);
  marker.records = 1;
  marker.bytes = kMarkerBytes;
  marker.leader_epoch = mine.leader_epoch;
  marker.kind = commit ? BatchKind::kCommit : BatchKind::kAbort;
  mine.log.append(marker);
  mine.producers.on_append(marker);
  Event told = event(EventKind::txn_marker, p, now);
  told.subject = static_cast<std::uint64_t>(producer_id);
  told.a = static_cast<std::uint32_t>(marker.base_offset);
  told.b = static_cast<std::uint32_t>(commit ? TxnMarker::kCommit : TxnMarker::kAbort);
  env_.sink.emit(told);
  listener_.on_log_grew(p, now);
  advance_high_watermark(p, now);
  return marker.end_offset();
}

// ---- waiting for replicas

// Whether a partition's fate is final; writes the error where it is one.
void ReplicaManager::settle(ProduceResult& result) {
  if (result.required_offset < 0) return;
  const Replica& mine = replica(*result.partition);
  if (!mine.leading) {
    result.response.error_code =
        wire_code(mine.hosted ? ErrorCode::kNotLeaderOrFollower : ErrorCode::kUnknownTopicOrPartition);
  } else if (mine.high_watermark < result.required_offset) {
    return;
  } else if (mine.isr.size() < catalog_.effective_min_isr(*result.partition)) {
    result.response.error_code = wire_code(ErrorCode::kNotEnoughReplicasAfterAppend);
  }
  result.required_offset = -1;
}

bool ReplicaManager::settled(std::vector<ProduceResult>& results) {
  bool all = true;
  for (ProduceResult& result : results) {
    settle(result);
    if (result.required_offset >= 0) all = false;
  }
  return all;
}

void ReplicaManager::delay(ConnId conn, std::vector<ProduceResult> results) {
  for (const ProduceResult& result : results) {
    if (result.required_offset >= 0) replica(*result.partition).waiting.push_back(conn);
  }
  const bool fresh = delayed_.try_emplace(conn, std::move(results)).second;
  SENDSCOPE_CHECK(fresh);
}

std::optional<std::vector<ProduceResult>> ReplicaManager::give_up(ConnId conn) {
  const auto found = delayed_.find(conn);
  if (found == delayed_.end()) return std::nullopt;
  std::vector<ProduceResult> results = std::move(found->second);
  delayed_.erase(found);
  for (const ProduceResult& result : results) {
    if (result.partition) std::erase(replica(*result.partition).waiting, conn);
  }
  return results;
}

void ReplicaManager::revisit_delayed(PartitionNumber p, Nanos now) {
  const std::vector<ConnId> waiting = std::exchange(replica(p).waiting, {});
  for (const ConnId conn : waiting) {
    const auto found = delayed_.find(conn);
    if (found == delayed_.end()) continue;
    if (settled(found->second)) {
      listener_.on_produce_settled(conn, *give_up(conn), now);
      continue;
    }
    const bool still = std::any_of(
        found->second.begin(), found->second.end(),
        [p](const ProduceResult& result) { return result.partition == p && result.required_offset >= 0; });
    if (still) replica(p).waiting.push_back(conn);
  }
}

}  // namespace sendscope::sim
