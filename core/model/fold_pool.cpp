#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

PoolWaiter* waiter_of(PoolModel& pool, std::uint16_t thread) {
  const auto at = std::find_if(pool.waiters.begin(), pool.waiters.end(),
                               [&](const PoolWaiter& waiter) { return waiter.thread == thread; });
  return at == pool.waiters.end() ? nullptr : &*at;
}

}  // namespace

std::int64_t PoolModel::reserved() const {
  std::int64_t out = 0;
  for (const PoolWaiter& waiter : waiters) out += waiter.reserved;
  return out;
}

std::int64_t PoolModel::in_transit() const {
  return std::max<std::int64_t>(0, used() - in_batches - reserved());
}

void fold_pool(PipelineModel& model, const Event& event) {
  const bool of_thread = event.kind == EventKind::memory_reserved || event.kind == EventKind::waiter_woken;
  if (of_thread && event.actor >= model.threads.size()) return;
  ProducerModel* producer =
      producer_for(model, of_thread ? model.threads[event.actor].producer : event.actor);
  if (producer == nullptr) return;
  PoolModel& pool = producer->pool;
  switch (event.kind) {
    case EventKind::memory_allocated:
    case EventKind::memory_freed:
      pool.available = static_cast<std::int64_t>(event.subject);
      pool.free_blocks = event.b;
      break;
    case EventKind::memory_reserved:
      // It still wants more, so it has taken all there was, and free blocks were broken up for it.
      pool.available = static_cast<std::int64_t>(event.subject);
      pool.free_blocks = 0;
      if (PoolWaiter* waiter = waiter_of(pool, event.actor)) waiter->reserved = event.a;
      break;
    case EventKind::waiter_woken:
      if (PoolWaiter* waiter = waiter_of(pool, event.actor)) waiter->woken = true;
      break;
    default: break;
  }
}

}  // namespace sendscope
