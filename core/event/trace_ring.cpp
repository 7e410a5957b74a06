#include "core/event/trace_ring.h"

#include <algorithm>

#include "core/event/event_packing.h"

namespace sendscope {
namespace {

bool put(std::FILE* to, const std::vector<std::byte>& bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), to) == bytes.size();
}

bool take(std::FILE* from, std::size_t count, std::vector<std::byte>& bytes) {
  bytes.resize(count);
  return std::fread(bytes.data(), 1, count, from) == count;
}

}  // namespace

void TraceRing::wrote(trace::BlockType type, std::uint32_t count, std::size_t bytes, Nanos end) {
  blocks_.push_back({type, false, count, static_cast<std::uint32_t>(bytes), end});
  if (type == trace::kPacked) events_ += count;
}

bool TraceRing::due(Nanos now) const {
  const auto oldest = std::find_if(blocks_.begin(), blocks_.end(), [](const Block& block) {
    return block.type == trace::kPacked && !block.standing;
  });
  return oldest != blocks_.end() && oldest->end < now - last_ - last_ / 4;
}

void TraceRing::let_go(const Block& block, const std::vector<std::byte>& bytes) {
  events_ -= block.count;
  if (block.standing) return;
  let_go_ += block.count;
  EventUnpacker events(Bytes(bytes).subspan(trace::kBlockHeadBytes), kEventKindCount);
  Event event;
  for (std::uint32_t i = 0; i < block.count && events.next(event); ++i) {
    standing_.apply(event);
    if (event.kind == EventKind::events_lost) let_go_ += event.subject;
  }
}

// The run's own first event stands first, so that nothing told after it is taken back.
bool TraceRing::put_standing(std::FILE* to, std::deque<Block>& kept) {
  std::vector<Event> events = standing_.in_order();
  const bool begins = !events.empty() && events.front().kind == EventKind::run_started;
  const Nanos begin = events.empty() ? 0 : events.front().t;
  if (const std::uint64_t missing = let_go_ - events.size(); missing > 0) {
    events.insert(events.begin() + (begins ? 1 : 0),
                  Event{.t = begin, .kind = EventKind::events_lost, .subject = missing});
  }
  for (std::size_t i = 0; i < events.size(); i += trace::kEventsPerBlock) {
    const std::size_t end = std::min(events.size(), i + trace::kEventsPerBlock);
    std::vector<std::byte> body;
    EventPacker packer(body);
    for (std::size_t j = i; j < end; ++j) packer.add(events[j]);
    const auto count = static_cast<std::uint32_t>(end - i);
    const std::vector<std::byte> block = trace::make_block(trace::kPacked, count, body);
    if (!put(to, block)) return false;
    kept.push_back(
        {trace::kPacked, true, count, static_cast<std::uint32_t>(block.size()), events[end - 1].t});
    events_ += count;
  }
  return true;
}

bool TraceRing::shorten(std::FILE* from, std::FILE* to, Nanos now) {
  std::vector<std::byte> bytes;
  if (!take(from, header_bytes_, bytes) || !put(to, bytes)) return false;
  std::deque<Block> kept;
  bool stands = false;
  for (const Block& block : blocks_) {
    if (!take(from, block.bytes, bytes)) return false;
    if (block.type == trace::kPacked && (block.standing || block.end < now - last_)) {
      let_go(block, bytes);
      continue;
    }
    if (block.type == trace::kPacked && !stands) {
      if (let_go_ > 0 && !put_standing(to, kept)) return false;
      stands = true;
    }
    if (!put(to, bytes)) return false;
    kept.push_back(block);
  }
  if (!stands && let_go_ > 0 && !put_standing(to, kept)) return false;
  blocks_ = std::move(kept);
  return true;
}

}  // namespace sendscope
