#include "ui/live/record_slots.h"

namespace sendscope::ui {

Delivery RecordSlots::take(std::size_t bytes) {
  if (free_ == nullptr) free_ = returned_.exchange(nullptr, std::memory_order_acquire);
  if (free_ == nullptr) {
    blocks_.push_back(std::make_unique<Slot[]>(kBlock));
    Slot* block = blocks_.back().get();
    for (std::size_t i = 0; i < kBlock; ++i)
      block[i] = {this, 0, 0, i + 1 < kBlock ? &block[i + 1] : nullptr};
    free_ = block;
  }
  Slot* slot = free_;
  free_ = slot->next;
  slot->sent = clock_.now();
  slot->bytes = bytes;
  return {on_acknowledged, slot};
}

void RecordSlots::push(Slot* slot) {
  slot->next = returned_.load(std::memory_order_relaxed);
  while (!returned_.compare_exchange_weak(slot->next, slot, std::memory_order_release,
                                          std::memory_order_relaxed)) {
  }
}

void RecordSlots::give_back(const Delivery& delivery) {
  Slot* slot = static_cast<Slot*>(delivery.context);
  slot->owner->push(slot);
}

void RecordSlots::on_acknowledged(void* context, const Acknowledgement& acknowledgement) {
  Slot* slot = static_cast<Slot*>(context);
  RecordSlots& slots = *slot->owner;
  slots.statistics_.acknowledged(acknowledgement, slots.clock_.now() - slot->sent, slot->bytes);
  slots.push(slot);
}

}  // namespace sendscope::ui
