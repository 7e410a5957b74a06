#include "sim/link.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope::sim {

std::vector<std::byte> BufferStock::take() {
  if (spare_.empty()) return {};
  std::vector<std::byte> buffer = std::move(spare_.back());
  spare_.pop_back();
  return buffer;
}

void BufferStock::give_back(std::vector<std::byte> buffer) {
  if (spare_.size() >= 256 || buffer.capacity() == 0) return;
  buffer.clear();
  spare_.push_back(std::move(buffer));
}

std::size_t Pipe::offer(std::span<const Bytes> slices, BufferStock& stock, Nanos late, bool unlimited) {
  std::size_t taken = 0;
  bool fresh = late > 0;  // a late message begins a segment of its own
  for (Bytes slice : slices) {
    while (!slice.empty()) {
      const std::size_t allowed = unlimited ? slice.size() : std::min(slice.size(), room());
      if (allowed == 0) return taken;
      if (fresh || waiting_.empty() || waiting_.back().item != Item::kBytes ||
          waiting_.back().bytes.size() >= kSegmentBytes) {
        waiting_.push_back({Item::kBytes, stock.take(), taken == 0 ? late : 0});
        fresh = false;
      }
      std::vector<std::byte>& tail = waiting_.back().bytes;
      const std::size_t count = std::min(allowed, kSegmentBytes - tail.size());
      tail.insert(tail.end(), slice.begin(), slice.begin() + static_cast<std::ptrdiff_t>(count));
      slice = slice.subspan(count);
      unsent_ += count;
      taken += count;
    }
  }
  return taken;
}

void Pipe::offer_end(Item item) { waiting_.push_back({item, {}, 0}); }

bool Pipe::can_send() const {
  if (waiting_.empty()) return false;
  const Segment& next = waiting_.front();
  return next.item != Item::kBytes || unread_ == 0 || unread_ + next.bytes.size() <= capacity_;
}

Nanos Pipe::send(Nanos now, const LinkSpec& link, Prng draws) {
  SENDSCOPE_CHECK(can_send() && now >= busy_until_);
  Segment segment = std::move(waiting_.front());
  waiting_.pop_front();
  const std::size_t size = segment.bytes.size();
  unsent_ -= size;
  unread_ += size;
  const Nanos took =
      link.bandwidth == 0
          ? 0
          : static_cast<Nanos>(size * 8 * static_cast<std::uint64_t>(kNanosPerSecond) / link.bandwidth);
  busy_until_ = now + took;
  const Nanos delay = link.latency.draw(draws) + link.jitter.draw(draws) + segment.late;
  last_arrival_ = std::max(last_arrival_, busy_until_ + delay);
  flying_.push_back(std::move(segment));
  return last_arrival_;
}

Pipe::Segment Pipe::arrive() {
  SENDSCOPE_CHECK(!flying_.empty());
  Segment segment = std::move(flying_.front());
  flying_.pop_front();
  return segment;
}

void Pipe::release(std::size_t bytes) {
  SENDSCOPE_CHECK(bytes <= unread_);
  unread_ -= bytes;
}

void Pipe::discard_unsent(BufferStock& stock) {
  for (Segment& segment : waiting_) stock.give_back(std::move(segment.bytes));
  waiting_.clear();
  unsent_ = 0;
}

}  // namespace sendscope::sim
