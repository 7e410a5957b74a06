#include "sim/replication.h"

#include <algorithm>

#include "sim/broker.h"

namespace sendscope::sim {

Replication::Replication(World& world)
    : world_(world), nodes_(world.spec.nodes.size()), fetchers_(nodes_ * nodes_), shared_(nodes_ * nodes_) {
  for (const NodeSpec& from : world.spec.nodes) {
    for (const NodeSpec& to : world.spec.nodes) {
      messages_.emplace_back(world.seed, std::initializer_list<std::string_view>{
                                             "replication", std::to_string(from.id), std::to_string(to.id)});
    }
  }
}

void Replication::learn_partitions() {
  const auto& partitions = world_.catalog.partitions;
  for (; known_partitions_ < partitions.size(); ++known_partitions_) {
    for (const NodeId a : partitions[known_partitions_].replicas) {
      for (const NodeId b : partitions[known_partitions_].replicas) {
        if (a == b) continue;
        shared_[world_.controller.index_of(a) * nodes_ + world_.controller.index_of(b)].push_back(
            known_partitions_);
      }
    }
  }
  lags_.resize(partitions.size());
}

bool Replication::connected(const Broker& a, const Broker& b) const {
  return !world_.disturbances.cut(Party{Party::Kind::kNode, a.id()}, Party{Party::Kind::kNode, b.id()}) &&
         !world_.disturbances.cut(Party{Party::Kind::kNode, b.id()}, Party{Party::Kind::kNode, a.id()});
}

// A node whose own link is slow is slow towards its peers too.
Nanos Replication::transfer_time(const Broker& from, const Broker& to, std::size_t bytes, Prng draws) const {
  const LinkSpec& link = world_.spec.inter_broker;
  Nanos time = link.latency.draw(draws) + link.jitter.draw(draws);
  std::uint64_t bandwidth = link.bandwidth;
  for (const Broker* end : {&from, &to}) {
    if (!world_.disturbances.slowed(end->id())) continue;
    const LinkSpec& slow = world_.network.link_of(end->id());
    time = std::max(time, slow.latency.draw(draws) + slow.jitter.draw(draws));
    if (slow.bandwidth != 0 && (bandwidth == 0 || slow.bandwidth < bandwidth)) bandwidth = slow.bandwidth;
  }
  if (bandwidth == 0) return time;
  return time + static_cast<Nanos>(bytes * 8 * static_cast<std::uint64_t>(kNanosPerSecond) / bandwidth);
}

Nanos Replication::fetch_time(std::size_t from, std::size_t to, std::size_t bytes) {
  return transfer_time(*world_.brokers[from], *world_.brokers[to], bytes,
                       messages_[from * nodes_ + to].next());
}

bool Replication::follows(const Broker& follower, const Broker& leader, PartitionNumber p) const {
  const auto& known = follower.image().partitions;
  return p < known.size() && known[p].leader == leader.id();
}

void Replication::on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) {
  if (tag == kLagCheck) {
    const Partition& partition = world_.catalog.partitions[argument];
    lags_[argument].timer = kNoTimer;
    for (const NodeId node : partition.replicas) watch_lag(world_.broker(node), argument, now);
    return;
  }
  const std::size_t pair = argument & 0xffffffff;
  const std::size_t follower = pair / nodes_;
  const std::size_t leader = pair % nodes_;
  if (fetchers_[pair].round != argument >> 32) return;
  if (tag == kFetchArrives) {
    fetch_arrived(follower, leader, now);
  } else {
    data_arrived(follower, leader, now);
  }
}

std::optional<Occurrence> Replication::tell(std::uint32_t tag, std::uint64_t argument) const {
  const std::size_t pair = argument & 0xffffffff;
  if (tag == kLagCheck || fetchers_[pair].round != argument >> 32) return Occurrence{};
  return Occurrence{
      .kind = tag == kFetchArrives ? OccurrenceKind::kFetchArrives : OccurrenceKind::kRecordsArrive,
      .node = world_.spec.nodes[pair / nodes_].id,
      .from = world_.spec.nodes[pair % nodes_].id};
}

// ---- the follower's side

void Replication::try_fetch(std::size_t follower, std::size_t leader, Nanos now) {
  Fetcher& f = fetcher(follower, leader);
  if (f.phase != Phase::kIdle) return;
  Broker& from = *world_.brokers[follower];
  Broker& to = *world_.brokers[leader];
  if (!from.working() || !to.working() || !connected(from, to)) return;
  const auto& shared = shared_[follower * nodes_ + leader];
  if (std::none_of(shared.begin(), shared.end(), [&](PartitionNumber p) { return follows(from, to, p); }))
    return;
  f.phase = Phase::kAsking;
  f.asked_at = now;
  ++f.round;
  world_.loop.at(now + fetch_time(follower, leader, 0), *this, kFetchArrives, argument_of(follower, leader));
}

void Replication::data_arrived(std::size_t follower, std::size_t leader, Nanos now) {
  Fetcher& f = fetcher(follower, leader);
  f.phase = Phase::kIdle;
  Broker& to = *world_.brokers[follower];
  Broker& from = *world_.brokers[leader];
  if (!to.working() || !from.running() || !connected(to, from)) return;
  for (const PartitionNumber p : shared_[follower * nodes_ + leader]) {
    if (follows(to, from, p)) copy(from, to, p, now);
  }
  try_fetch(follower, leader, now);
}

// Where the follower's log went another way than the leader's it is cut back first. An epoch that it led
// without a record goes too, or the two would never agree (Kafka: UnifiedLog.truncateTo).
void Replication::truncate_diverged(Broker& leader, Broker& follower, PartitionNumber p, Nanos now) {
  PartitionLog& mine = follower.replica(p).log;
  const PartitionLog& theirs = leader.replica(p).log;
  const std::int64_t before = mine.end_offset();
  for (bool agree = false; !agree;) {
    const EpochStart common = theirs.end_of_epoch(mine.last_epoch());
    const std::int64_t own_end = mine.end_of_epoch(common.epoch).start_offset;
    const std::int64_t agreed = common.epoch < 0 ? 0 : std::min(common.start_offset, own_end);
    agree = common.epoch == mine.last_epoch() && agreed >= mine.end_offset();
    if (!agree) mine.truncate(agreed);
  }
  if (mine.end_offset() == before) return;
  follower.replica(p).producers.rebuild(mine);
  follower.replica(p).high_watermark = std::min(follower.replica(p).high_watermark, mine.end_offset());
  world_.sink.emit({.t = now,
                    .kind = EventKind::log_truncated,
                    .actor = static_cast<std::uint16_t>(follower.id()),
                    .place = world_.catalog.partitions[p].event_index,
                    .a = static_cast<std::uint32_t>(mine.end_offset())});
}

void Replication::copy(Broker& leader, Broker& follower, PartitionNumber p, Nanos now) {
  Replica& theirs = leader.replica(p);
  Replica& mine = follower.replica(p);
  if (!theirs.leading || mine.leader_epoch != theirs.leader_epoch) return;
  truncate_diverged(leader, follower, p, now);
  const std::int64_t before = mine.log.end_offset();
  for (auto batch = theirs.log.find(before); batch != theirs.log.end(); ++batch) {
    mine.log.append(*batch, theirs.log.bytes_of(batch));
    mine.producers.on_append(*batch);
  }
  mine.high_watermark = std::max(mine.high_watermark, std::min(theirs.high_watermark, mine.log.end_offset()));
  mine.producers.on_high_watermark(mine.high_watermark);
  if (mine.log.end_offset() == before) return;
  world_.sink.emit({.t = now,
                    .kind = EventKind::replica_fetched,
                    .actor = static_cast<std::uint16_t>(follower.id()),
                    .place = world_.catalog.partitions[p].event_index,
                    .a = static_cast<std::uint32_t>(mine.log.end_offset()),
                    .b = static_cast<std::uint32_t>(leader.id())});
  if (mine.log.kept() > 8192) forget_old_batches(p);
}

// What every replica has, and nobody may lose any more, need not be kept batch by batch.
void Replication::forget_old_batches(PartitionNumber p) {
  std::int64_t everywhere = INT64_MAX;
  for (const NodeId node : world_.catalog.partitions[p].replicas) {
    const Replica& replica = world_.broker(node).replica(p);
    everywhere = std::min(everywhere, replica.last_stable_offset());
  }
  for (const NodeId node : world_.catalog.partitions[p].replicas) {
    world_.broker(node).replica(p).log.forget_below(everywhere);
  }
}

// ---- the leader's side

void Replication::fetch_arrived(std::size_t follower, std::size_t leader, Nanos now) {
  Fetcher& f = fetcher(follower, leader);
  Broker& from = *world_.brokers[follower];
  Broker& to = *world_.brokers[leader];
  if (!to.working() || !from.running()) {  // asked anew when it works again
    f.phase = Phase::kIdle;
    return;
  }
  bool data = false;
  for (const PartitionNumber p : shared_[follower * nodes_ + leader]) {
    if (follows(from, to, p) && note_fetch(to, from, p, now)) data = true;
  }
  f.phase = Phase::kWaiting;
  if (data) answer(follower, leader, now);
}

// Returns whether there is something to copy.
bool Replication::note_fetch(Broker& leader, Broker& follower, PartitionNumber p, Nanos now) {
  Replica& mine = leader.replica(p);
  const Replica& theirs = follower.replica(p);
  if (!mine.leading || theirs.leader_epoch != mine.leader_epoch) return false;
  Follower* seen = mine.follower(follower.id());
  if (seen == nullptr) return false;
  const EpochStart common = mine.log.end_of_epoch(theirs.log.last_epoch());
  const bool diverged = theirs.log.end_offset() > 0 && (common.epoch != theirs.log.last_epoch() ||
                                                        common.start_offset < theirs.log.end_offset());
  if (diverged) return true;
  seen->end_offset = theirs.log.end_offset();
  if (seen->end_offset >= mine.log.end_offset()) {
    seen->caught_up_at = now;
  } else if (seen->end_offset >= seen->leader_end_at_fetch) {
    seen->caught_up_at = std::max(seen->caught_up_at, seen->last_fetch_at);
  }
  seen->last_fetch_at = now;
  seen->leader_end_at_fetch = mine.log.end_offset();
  maybe_expand(leader, p, follower.id(), now);
  leader.replicas().advance_high_watermark(p, now);
  return theirs.log.end_offset() < mine.log.end_offset();
}

void Replication::maybe_expand(Broker& leader, PartitionNumber p, NodeId follower, Nanos now) {
  Replica& mine = leader.replica(p);
  if (std::find(mine.isr.begin(), mine.isr.end(), follower) != mine.isr.end()) return;
  const std::int64_t end = mine.follower(follower)->end_offset;
  if (end < mine.high_watermark || !world_.controller.alive(follower) ||
      world_.disturbances.isr_pinned(p, follower))
    return;
  std::vector<NodeId> isr = mine.isr;
  isr.push_back(follower);
  leader.replicas().propose_isr(p, std::move(isr), now);
}

void Replication::answer(std::size_t follower, std::size_t leader, Nanos now) {
  Fetcher& f = fetcher(follower, leader);
  f.phase = Phase::kCopying;
  ++f.round;
  Broker& from = *world_.brokers[leader];
  Broker& to = *world_.brokers[follower];
  std::size_t bytes = 0;
  for (const PartitionNumber p : shared_[follower * nodes_ + leader]) {
    if (!follows(to, from, p)) continue;
    const PartitionLog& log = from.replica(p).log;
    for (auto batch = log.find(to.replica(p).log.end_offset()); batch != log.end(); ++batch) {
      bytes += static_cast<std::size_t>(batch->bytes);
    }
  }
  world_.loop.at(now + fetch_time(leader, follower, bytes), *this, kDataArrives,
                 argument_of(follower, leader));
}

void Replication::on_append(Broker& leader, PartitionNumber p, Nanos now) {
  const std::size_t leader_index = world_.controller.index_of(leader.id());
  Replica& mine = leader.replica(p);
  for (Follower& follower : mine.followers) {
    const std::size_t follower_index = world_.controller.index_of(follower.node);
    if (fetcher(follower_index, leader_index).phase != Phase::kWaiting) continue;
    if (!follows(*world_.brokers[follower_index], leader, p)) continue;
    follower.caught_up_at = now;  // it waited for this very data
    answer(follower_index, leader_index, now);
  }
  watch_lag(leader, p, now);
  if (mine.followers.empty() && mine.log.kept() > 8192) forget_old_batches(p);
}

// Kafka looks every half of replica.lag.time.max.ms; here only when somebody is behind.
void Replication::watch_lag(Broker& leader, PartitionNumber p, Nanos now) {
  learn_partitions();
  Replica& mine = leader.replica(p);
  if (!mine.leading || !leader.working()) return;
  const Nanos limit = world_.config.replica_lag_time_max;
  const Nanos half = std::max<Nanos>(limit / 2, 1);
  std::vector<NodeId> keep;
  Nanos next = kForever;
  for (const NodeId node : mine.isr) {
    const Follower* follower = mine.follower(node);
    const bool behind = follower != nullptr && follower->end_offset < mine.log.end_offset();
    if (behind && now - follower->caught_up_at > limit) continue;
    keep.push_back(node);
    if (behind) next = std::min(next, (follower->caught_up_at + limit) / half * half + half);
  }
  if (keep.size() < mine.isr.size()) leader.replicas().propose_isr(p, keep, now);
  if (next == kForever || world_.loop.pending(lags_[p].timer)) return;
  lags_[p].timer = world_.loop.at(std::max(next, now + 1), *this, kLagCheck, p, Weight::kBackground);
}

// ---- changes around it

void Replication::on_stop(NodeId node, Nanos now) {
  const std::size_t index = world_.controller.index_of(node);
  for (std::size_t other = 0; other < nodes_; ++other) {
    for (const auto& [follower, leader] : {std::pair(index, other), std::pair(other, index)}) {
      Fetcher& f = fetcher(follower, leader);
      if (f.phase == Phase::kIdle) continue;
      if (f.phase == Phase::kWaiting && follower == index) {
        // It had everything until now.
        for (const PartitionNumber p : shared_[follower * nodes_ + leader]) {
          Follower* seen = world_.brokers[leader]->replica(p).follower(node);
          if (seen != nullptr) seen->caught_up_at = now;
        }
      }
      f.phase = Phase::kIdle;
      ++f.round;
    }
  }
}

void Replication::on_go(NodeId, Nanos now) { on_change(now); }

void Replication::on_change(Nanos now) {
  learn_partitions();
  for (std::size_t follower = 0; follower < nodes_; ++follower) {
    for (std::size_t leader = 0; leader < nodes_; ++leader) {
      if (follower == leader) continue;
      Fetcher& f = fetcher(follower, leader);
      if (f.phase == Phase::kWaiting) {
        // Its set of partitions may have changed: it asks again with the new one.
        f.phase = Phase::kIdle;
        ++f.round;
      }
      try_fetch(follower, leader, now);
    }
  }
}

}  // namespace sendscope::sim
