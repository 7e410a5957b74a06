#include "core/producer/queue_index.h"

#include <algorithm>

namespace sendscope {

namespace {

bool by_name(const TopicInfo* a, const TopicInfo* b) { return a->name < b->name; }
bool by_partition(const PartitionQueue* a, const PartitionQueue* b) {
  return a->tp.partition < b->tp.partition;
}

template <typename T, typename Less>
void insert_sorted(std::vector<T*>& list, T* item, Less less) {
  const auto place = std::lower_bound(list.begin(), list.end(), item, less);
  if (place == list.end() || *place != item) list.insert(place, item);
}

}  // namespace

void QueueIndex::see(const ClusterPtr& cluster) {
  take_handed_over();
  if (cluster == snapshot_) return;
  snapshot_ = cluster;
  ++snapshot_number_;
  for (TopicInfo* topic : topics_) list(*topic);
}

void QueueIndex::list(TopicInfo& topic) {
  if (topic.listed) return;
  topic.listed = true;
  insert_sorted(listed_, &topic, by_name);
}

void QueueIndex::activate(PartitionQueue& queue) {
  insert_sorted(queue.topic.active, &queue, by_partition);
  list(queue.topic);
}

void QueueIndex::take_handed_over() {
  for (PartitionQueue* queue = created_.take_all(); queue != nullptr; queue = queue->next_created) {
    insert_sorted(queue->topic.queues, queue, by_partition);
    insert_sorted(topics_, &queue->topic, by_name);
    list(queue->topic);
  }
  for (PartitionQueue* queue = activated_.take_all(); queue != nullptr; queue = queue->next_activated) {
    activate(*queue);
  }
}

// Finds the partition in the current snapshot, once a snapshot.
void QueueIndex::locate(PartitionQueue& queue) const {
  if (queue.seen_snapshot == snapshot_number_) return;
  queue.seen_snapshot = snapshot_number_;
  queue.in_snapshot = snapshot_->find_partition(queue.tp.topic, queue.tp.partition);
  if (queue.in_snapshot == nullptr || queue.in_snapshot->leader == kNoNode) return;
  const std::span<const PartitionRef> led = snapshot_->partitions_led_by(queue.in_snapshot->leader);
  const auto place =
      std::lower_bound(led.begin(), led.end(), queue.tp, [](const PartitionRef& a, const TopicPartition& b) {
        const int names = a.topic->name.compare(b.topic);
        return names != 0 ? names < 0 : a.partition->id < b.partition;
      });
  queue.position_at_leader = static_cast<std::size_t>(place - led.begin());
}

const std::vector<TopicInfo*>& QueueIndex::topics() {
  take_handed_over();
  return topics_;
}

const std::vector<TopicInfo*>& QueueIndex::listed() {
  take_handed_over();
  return listed_;
}

void QueueIndex::clear() {
  topics_.clear();
  listed_.clear();
}

}  // namespace sendscope
