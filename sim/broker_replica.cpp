// A broker's replicas: leading, following, high watermarks; and what it hears from the controller.
#include <algorithm>

#include "sim/broker.h"
#include "sim/replication.h"
#include "sim/transaction_coordinator.h"

namespace sendscope::sim {
namespace {
constexpr std::int32_t kMarkerBytes = 78;  // a control batch: the header and one record of 17 bytes
}

void Broker::emit_node_state(NodeState state, Nanos now) {
  world_.sink.emit({.t = now,
                    .kind = EventKind::node_state,
                    .place = static_cast<std::uint32_t>(id()),
                    .a = static_cast<std::uint32_t>(state)});
}

Replica& Broker::replica(PartitionNumber p) {
  if (p >= replicas_.size()) replicas_.resize(p + 1);
  return replicas_[p];
}

void Broker::on_registered(MetadataImage image, Nanos now) {
  state_ = State::kUp;
  emit_node_state(NodeState::kUp, now);
  image_ = std::move(image);
  for (std::size_t t = 0; t < image_.topics.size(); ++t) {
    if (!image_.topics[t]) delete_logs(t, now);
  }
  for (PartitionNumber p = 0; p < image_.partitions.size(); ++p)
    apply_partition(p, image_.partitions[p], now);
  world_.replication->on_change(now);
}

void Broker::on_metadata(const MetadataChange& change, Nanos now) {
  if (state_ != State::kUp) return;
  if (change.topic) {
    if (image_.topics.size() <= *change.topic) image_.topics.resize(*change.topic + 1, false);
    image_.topics[*change.topic] = change.topic_exists;
    if (!change.topic_exists) delete_logs(*change.topic, now);
  }
  if (change.node) image_.nodes[*change.node] = change.node_alive;
  for (const auto& [p, state] : change.partitions) {
    if (image_.partitions.size() <= p) image_.partitions.resize(p + 1);
    image_.partitions[p] = state;
  }
  // Followers ask again when they follow another leader, and when a node is back: it may be in sync now.
  bool ask_again = change.topic || change.node;
  for (const auto& [p, state] : change.partitions) {
    ask_again = replica(p).leader_epoch != state.leader_epoch || ask_again;
    apply_partition(p, state, now);
  }
  if (ask_again) world_.replication->on_change(now);
}

// A topic is gone, and what was stored of it.
void Broker::delete_logs(std::size_t topic, Nanos now) {
  for (const PartitionNumber p : world_.catalog.topics[topic].partitions) {
    Replica& mine = replica(p);
    if (!mine.hosted) continue;
    if (mine.told_unstable >= 0) emit_stability(p, -1, now);
    if (mine.leading) {
      mine.leading = mine.hosted = false;
      revisit_waiting(p, now);
    }
    mine = Replica{};
    world_.sink.emit({.t = now,
                      .kind = EventKind::log_deleted,
                      .actor = static_cast<std::uint16_t>(id()),
                      .place = world_.catalog.partitions[p].event_index});
  }
}

void Broker::apply_partition(PartitionNumber p, const PartitionState& state, Nanos now) {
  if (world_.catalog.topic_of(p).deleted) return;
  const auto& replicas = world_.catalog.partitions[p].replicas;
  Replica& mine = replica(p);
  mine.hosted = std::find(replicas.begin(), replicas.end(), id()) != replicas.end();
  if (!mine.hosted) return;
  if (state.leader == id()) {
    lead(p, state, now);
  } else {
    follow(p, state, now);
  }
}

void Broker::lead(PartitionNumber p, const PartitionState& state, Nanos now) {
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
  for (const NodeId node : world_.catalog.partitions[p].replicas) {
    if (node != id()) mine.followers.push_back({.node = node, .caught_up_at = now, .last_fetch_at = now});
  }
  advance_high_watermark(p, now);
  world_.replication->watch_lag(*this, p, now);
}

void Broker::follow(PartitionNumber p, const PartitionState& state, Nanos now) {
  Replica& mine = replica(p);
  mine.leader_epoch = state.leader_epoch;
  if (!mine.leading) return;
  mine.leading = false;
  mine.followers.clear();
  revisit_waiting(p, now);
}

// The least log end among the in-sync replicas, unless they are too few (Kafka 3.7 and later).
void Broker::advance_high_watermark(PartitionNumber p, Nanos now) {
  Replica& mine = replica(p);
  if (!mine.leading) return;
  if (mine.isr.size() >= world_.catalog.effective_min_isr(p)) {
    std::int64_t least = mine.log.end_offset();
    for (const NodeId node : mine.isr) {
      if (node == id()) continue;
      const Follower* follower = mine.follower(node);
      if (follower != nullptr) least = std::min(least, follower->end_offset);
    }
    if (least > mine.high_watermark) {
      mine.high_watermark = least;
      mine.producers.on_high_watermark(least);
      world_.sink.emit({.t = now,
                        .kind = EventKind::high_watermark,
                        .actor = static_cast<std::uint16_t>(id()),
                        .place = world_.catalog.partitions[p].event_index,
                        .a = static_cast<std::uint32_t>(least)});
      world_.transactions->on_high_watermark(p);
    }
  }
  tell_stability(p, now);
  if (!mine.waiting.empty()) revisit_waiting(p, now);
}

// Where consumers with read_committed have to wait, whenever that changes.
void Broker::tell_stability(PartitionNumber p, Nanos now) {
  Replica& mine = replica(p);
  const std::int64_t unstable = mine.producers.first_unstable(mine.high_watermark);
  if (unstable != mine.told_unstable) emit_stability(p, unstable, now);
}

void Broker::emit_stability(PartitionNumber p, std::int64_t unstable, Nanos now) {
  replica(p).told_unstable = unstable;
  world_.sink.emit({.t = now,
                    .kind = unstable < 0 ? EventKind::all_stable : EventKind::stable_below,
                    .actor = static_cast<std::uint16_t>(id()),
                    .place = world_.catalog.partitions[p].event_index,
                    .a = unstable < 0 ? 0 : static_cast<std::uint32_t>(unstable)});
}

std::int64_t Broker::append_marker(PartitionNumber p, std::int64_t producer_id, std::int16_t epoch,
                                   bool commit, Nanos now) {
  Replica& mine = replica(p);
  if (!mine.leading || mine.isr.size() < world_.catalog.effective_min_isr(p)) return -1;
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
  world_.sink.emit({.t = now,
                    .kind = EventKind::txn_marker,
                    .actor = static_cast<std::uint16_t>(id()),
                    .place = world_.catalog.partitions[p].event_index,
                    .subject = static_cast<std::uint64_t>(producer_id),
                    .a = static_cast<std::uint32_t>(marker.base_offset),
                    .b = static_cast<std::uint32_t>(commit ? TxnMarker::kCommit : TxnMarker::kAbort)});
  world_.replication->on_append(*this, p, now);
  advance_high_watermark(p, now);
  return marker.end_offset();
}

void Broker::propose_isr(PartitionNumber p, std::vector<NodeId> isr, Nanos now) {
  Replica& mine = replica(p);
  const bool heard = !world_.cut(Party{Party::Kind::kNode, id()}, Party{Party::Kind::kController, 0});
  if (!heard || !world_.controller.change_isr(p, mine.leader_epoch, std::move(isr))) return;
  mine.isr = world_.catalog.partitions[p].state.isr;
  advance_high_watermark(p, now);
}

}  // namespace sendscope::sim
