// How a decision reaches the logs: a marker to the leader of every partition of the transaction, again and
// again until its replicas have it, and then the transaction is complete.
// Kafka: TransactionMarkerChannelManager, KafkaApis.handleWriteTxnMarkers.
#include <algorithm>

#include "sim/broker.h"
#include "sim/transaction_coordinator.h"

namespace sendscope::sim {
namespace {
constexpr Nanos kRetry = 100 * kNanosPerMilli;
}

void TransactionCoordinator::later(std::uint64_t marker, Tag tag, Nanos at) {
  world_.loop.at(at, *this, tag, marker);
}

void TransactionCoordinator::send_markers(Transaction& t, Nanos at) {
  const std::size_t index = index_of(t);
  std::erase_if(markers_, [index](const auto& entry) { return entry.second.transaction == index; });
  world_.loop.cancel(t.completion);
  t.markers_left = static_cast<std::uint32_t>(t.partitions.size() + t.groups.size());
  const auto start = [&](Marker marker) {
    marker.transaction = index;
    later(next_marker_, kSendMarker, at);
    markers_[next_marker_++] = std::move(marker);
  };
  for (const PartitionNumber p : t.partitions) {
    Marker marker;
    marker.partition = p;
    start(std::move(marker));
  }
  for (const std::string& group : t.groups) {
    Marker marker;
    marker.group = group;
    start(std::move(marker));
  }
  if (t.markers_left == 0) t.completion = world_.loop.at(at, *this, kComplete, index);
}

void TransactionCoordinator::on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) {
  if (tag == kComplete) return complete(transactions_[argument]);
  if (tag == kTimeout) return time_out(transactions_[argument], now);
  const auto found = markers_.find(argument);
  if (found == markers_.end()) return;  // sent anew by another coordinator
  switch (tag) {
    case kSendMarker: return send_marker(argument, found->second, now);
    case kMarkerArrives: return marker_arrives(argument, found->second, now);
    case kMarkerWaits: return marker_waits(argument, found->second, now);
    default: return marker_done(argument, found->second, now);
  }
}

// Whether the node that has the transaction is still the one to go on with it.
TransactionCoordinator::Turn TransactionCoordinator::turn_of(Transaction& t) {
  const NodeId owner = coordinator_of(t.id);
  if (owner == kNoLeader || !world_.broker(owner).working()) return Turn::kNobody;
  if (owner == t.node) return Turn::kOurs;
  take_over(t, owner);
  return Turn::kTakenOver;
}

// If not, the marker waits, or has been sent anew.
bool TransactionCoordinator::coordinator_works(Transaction& t, std::uint64_t marker, Nanos now) {
  const Turn turn = turn_of(t);
  if (turn == Turn::kNobody) later(marker, kSendMarker, now + kRetry);
  return turn == Turn::kOurs;
}

void TransactionCoordinator::send_marker(std::uint64_t number, Marker& marker, Nanos now) {
  Transaction& t = transactions_[marker.transaction];
  if (!coordinator_works(t, number, now)) return;
  const MetadataImage& image = world_.broker(t.node).image();
  if (marker.partition && world_.catalog.topic_of(*marker.partition).deleted) {
    return later(number, kMarkerDone, now);  // nothing is left to decide there
  }
  const bool known = !marker.partition || *marker.partition < image.partitions.size();
  marker.replicating = false;
  marker.leader = !known             ? kNoLeader
                  : marker.partition ? image.partitions[*marker.partition].leader
                                     : coordinator_of(marker.group, image.nodes);
  const Nanos way = marker.leader == kNoLeader ? kForever : travel(t.node, marker.leader, t.id);
  if (way == kForever) return later(number, kSendMarker, now + kRetry);
  later(number, kMarkerArrives, now + way + world_.config.transaction_marker_delay);
}

void TransactionCoordinator::marker_arrives(std::uint64_t number, Marker& marker, Nanos now) {
  Transaction& t = transactions_[marker.transaction];
  Broker& leader = world_.broker(marker.leader);
  if (!leader.working()) return later(number, kSendMarker, now + kRetry);
  const bool commit = t.stage == TxnStage::kPrepareCommit || world_.sabotage.commit_aborted;
  if (!marker.partition) {
    if (coordinator_of(marker.group) != marker.leader) return later(number, kSendMarker, now + kRetry);
    for (const auto& [p, offset] : offsets_.decide(marker.group, t.producer_id, commit)) {
      world_.sink.emit({.t = now,
                        .kind = EventKind::group_offset,
                        .place = world_.catalog.partitions[p].event_index,
                        .subject = static_cast<std::uint64_t>(offset),
                        .a = world_.sink.intern(marker.group)});
    }
    return later(number, kMarkerDone, now);
  }
  const std::int64_t end =
      leader.replicas().append_marker(*marker.partition, t.producer_id, t.epoch, commit, now);
  if (end < 0) return later(number, kSendMarker, now + kRetry);
  // Appending may have moved the high watermark already, with nobody waiting for it.
  const Replica& replica = leader.replica(*marker.partition);
  if (replica.high_watermark >= end) return later(number, kMarkerDone, now);
  marker.required_offset = end;
  marker.leader_epoch = replica.leader_epoch;
  marker.replicating = true;
  later(number, kMarkerWaits, now + kRetry);
}

void TransactionCoordinator::on_high_watermark(PartitionNumber p) {
  if (markers_.empty()) return;
  for (auto& [number, marker] : markers_) {
    if (!marker.replicating || marker.partition != p) continue;
    const Replica& replica = world_.broker(marker.leader).replica(p);
    if (!replica.leading || replica.leader_epoch != marker.leader_epoch) continue;
    if (replica.high_watermark < marker.required_offset) continue;
    marker.replicating = false;
    const Transaction& t = transactions_[marker.transaction];
    const Nanos way = travel(marker.leader, t.node, t.id);
    later(number, kMarkerDone, world_.loop.now() + (way == kForever ? kRetry : way));
  }
}

// Still not safe: the leader may have died with it.
void TransactionCoordinator::marker_waits(std::uint64_t number, Marker& marker, Nanos now) {
  if (!marker.replicating) return;
  const Broker& leader = world_.broker(marker.leader);
  const Replica& replica = world_.broker(marker.leader).replica(*marker.partition);
  const bool same = leader.running() && replica.leading && replica.leader_epoch == marker.leader_epoch;
  later(number, same ? kMarkerWaits : kSendMarker, now + (same ? kRetry : 0));
}

void TransactionCoordinator::marker_done(std::uint64_t number, Marker& marker, Nanos now) {
  Transaction& t = transactions_[marker.transaction];
  if (!coordinator_works(t, number, now)) return;
  markers_.erase(number);
  if (--t.markers_left > 0) return;
  t.completion = world_.loop.at(now + write_time(t.id), *this, kComplete, index_of(t));
}

void TransactionCoordinator::complete(Transaction& t) {
  if (!t.preparing()) return;
  const Turn turn = turn_of(t);
  if (turn == Turn::kTakenOver) return;
  if (turn == Turn::kNobody) {
    t.completion = world_.loop.at(world_.loop.now() + kRetry, *this, kComplete, index_of(t));
    return;
  }
  const bool commit = t.stage == TxnStage::kPrepareCommit;
  if (t.next_id >= 0) {
    t.previous_id = t.producer_id;
    t.producer_id = t.next_id;
    t.next_id = -1;
    t.last_epoch = t.epoch;
    t.epoch = 0;
  }
  t.partitions.clear();
  t.groups.clear();
  set_stage(t, commit ? TxnStage::kCompleteCommit : TxnStage::kCompleteAbort);
}

}  // namespace sendscope::sim
