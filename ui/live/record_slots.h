// Remembers when each record was sent until its callback runs, without an allocation per record: slots come
// from blocks and go back to a list.
//
// Thread-safety: take() from one thread; the callback, which gives slots back, from any.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "core/live/clock.h"
#include "core/producer/record.h"
#include "ui/live/live_statistics.h"

namespace sendscope::ui {

class RecordSlots {
 public:
  RecordSlots(LiveStatistics& statistics, const live::Clock& clock)
      : statistics_(statistics), clock_(clock) {}
  RecordSlots(const RecordSlots&) = delete;
  RecordSlots& operator=(const RecordSlots&) = delete;

  // The callback of a record of so many bytes sent now. It counts the outcome and the latency. The slots must
  // outlive it.
  Delivery take(std::size_t bytes);
  // Gives a slot back whose callback will not run.
  static void give_back(const Delivery& delivery);

 private:
  struct Slot {
    RecordSlots* owner = nullptr;
    Nanos sent = 0;
    std::size_t bytes = 0;
    Slot* next = nullptr;
  };
  static constexpr std::size_t kBlock = 1024;

  static void on_acknowledged(void* context, const Acknowledgement& acknowledgement);
  void push(Slot* slot);

  LiveStatistics& statistics_;
  const live::Clock& clock_;
  std::vector<std::unique_ptr<Slot[]>> blocks_;
  Slot* free_ = nullptr;
  std::atomic<Slot*> returned_{nullptr};
};

}  // namespace sendscope::ui
