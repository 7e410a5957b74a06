#include "core/event/name_book.h"

namespace sendscope {
namespace {

// Names come in the order of their indices, but threads of a live run may overtake each other a little.
constexpr std::size_t kMaxGap = 1024;

template <typename T>
T* slot(std::vector<T>& list, std::size_t index, std::size_t limit) {
  if (index >= limit || index > list.size() + kMaxGap) return nullptr;
  if (index >= list.size()) list.resize(index + 1);
  return &list[index];
}

}  // namespace

void NameBook::apply(const Event& event) {
  switch (event.kind) {
    case EventKind::producer_created:
      if (StringId* name = slot(producers, event.actor, kMaxProducers)) *name = event.a;
      break;
    case EventKind::thread_named:
      if (StringId* name = slot(threads, event.actor, kMaxThreads)) *name = event.a;
      break;
    case EventKind::partition_named:
      if (PartitionName* name = slot(partitions, event.place, kMaxPartitions)) *name = {event.a, event.b};
      break;
    default: break;
  }
}

}  // namespace sendscope
