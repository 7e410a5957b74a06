#include "core/event/event_log.h"

#include <algorithm>
#include <array>

namespace sendscope {

void EventLog::append(std::span<const Event> events) {
  for (const Event& event : events) {
    if ((size_ & kChunkMask) == 0) chunks_.push_back(std::make_unique<Event[]>(kChunkMask + 1));
    Event& place = chunks_.back()[size_ & kChunkMask];
    const Nanos end = end_time();
    place = event;
    if (size_ > 0 && place.t < end) place.t = end;
    ++size_;
    names_.apply(place);
  }
}

std::size_t EventLog::drain(EventSink& sink) {
  std::array<Event, 512> buffer;
  std::size_t taken = 0;
  for (;;) {
    const std::size_t count = sink.drain(buffer);
    if (count == 0) break;
    // After the events, so that every word they speak of is there already.
    append_strings(sink.strings_from(strings_.size()));
    append(std::span(buffer).first(count));
    taken += count;
  }
  // A full sink drops what comes last, so what is missing stood behind what was taken just now.
  if (const std::uint64_t dropped = sink.dropped(); dropped > dropped_) {
    append(Event{.t = end_time(), .kind = EventKind::events_lost, .subject = dropped - dropped_});
    dropped_ = dropped;
    ++taken;
  }
  return taken;
}

void EventLog::forget_before(std::size_t n) {
  const std::size_t newest = empty() ? 0 : size_ - 1;
  const std::size_t chunk = std::min(n, newest) >> kChunkBits;
  for (std::size_t i = first_ >> kChunkBits; i < chunk; ++i) chunks_[i].reset();
  first_ = std::max(first_, chunk << kChunkBits);
}

std::size_t EventLog::count_until(Nanos t) const { return t == kForever ? size_ : count_before(t + 1); }

std::size_t EventLog::count_before(Nanos t) const {
  std::size_t low = first_;
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if ((*this)[middle].t < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace sendscope
