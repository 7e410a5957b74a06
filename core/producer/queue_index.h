// Which partition queues the sender looks at: those that may hold batches, topics by name and partitions by
// number, and where the current snapshot of the cluster leads each of them. A pass of the sender costs what
// these cost, however many queues there are besides.
//
// Thread-safety: created() and got_batch() from any thread; the rest from the sender's.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/net/cluster.h"
#include "core/producer/partition_queue.h"

namespace sendscope {

using ClusterPtr = std::shared_ptr<const Cluster>;

class QueueIndex {
 public:
  // ---- handed over by whoever appends
  void created(PartitionQueue& queue) { created_.push(queue); }
  // The queue was not active.
  void got_batch(PartitionQueue& queue) { activated_.push(queue); }

  // ---- the sender's thread
  // Partitions are led as in this snapshot from now on. A topic without batches need not be looked at again
  // until the snapshot changes: its load does not.
  void see(const ClusterPtr& cluster);
  const Cluster& snapshot() const { return *snapshot_; }
  // Sets the queue's place in the current snapshot. REQUIRES: see() came before
  void locate(PartitionQueue& queue) const;
  // The queue holds a batch again.
  void activate(PartitionQueue& queue);
  // By name: all topics that have queues; those to look at in the next pass.
  const std::vector<TopicInfo*>& topics();
  const std::vector<TopicInfo*>& listed();
  // Looks at each listed topic. One that is left without active queues is no longer listed.
  template <typename Look>
  void visit_listed(Look look);
  void clear();

 private:
  void take_handed_over();
  void list(TopicInfo& topic);

  HandOver<&PartitionQueue::next_created> created_;
  HandOver<&PartitionQueue::next_activated> activated_;

  // The sender's thread only.
  ClusterPtr snapshot_;
  std::uint64_t snapshot_number_ = 0;
  std::vector<TopicInfo*> topics_;
  std::vector<TopicInfo*> listed_;
};

template <typename Look>
void QueueIndex::visit_listed(Look look) {
  std::size_t kept = 0;
  for (TopicInfo* topic : listed_) {
    look(*topic);
    topic->listed = !topic->active.empty();
    if (topic->listed) listed_[kept++] = topic;
  }
  listed_.resize(kept);
}

}  // namespace sendscope
