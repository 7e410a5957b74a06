#include "sim/inbox.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/check.h"

namespace sendscope::sim {
namespace {
constexpr std::size_t kLengthBytes = 4;
}

void Inbox::append(Bytes bytes) {
  if (broken_) return;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = scanned_ = 0;
  } else if (begin_ > buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    scanned_ -= begin_;
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  scan();
}

void Inbox::scan() {
  while (buffer_.size() - scanned_ >= kLengthBytes) {
    const auto length = load_big_endian<std::int32_t>(buffer_.data() + scanned_);
    if (length < 0 || static_cast<std::size_t>(length) > max_frame_) {
      broken_ = true;
      return;
    }
    const std::size_t size = kLengthBytes + static_cast<std::size_t>(length);
    if (buffer_.size() - scanned_ < size) return;
    sizes_.push_back(size);
    scanned_ += size;
  }
}

std::size_t Inbox::start_of(std::size_t index) const {
  SENDSCOPE_CHECK(index < sizes_.size());
  std::size_t start = begin_;
  for (std::size_t i = 0; i < index; ++i) start += sizes_[i];
  return start;
}

Bytes Inbox::frame(std::size_t index) const {
  return Bytes(buffer_).subspan(start_of(index) + kLengthBytes, sizes_[index] - kLengthBytes);
}

MutableBytes Inbox::mutable_frame(std::size_t index) {
  return MutableBytes(buffer_).subspan(start_of(index) + kLengthBytes, sizes_[index] - kLengthBytes);
}

void Inbox::pop_front() {
  SENDSCOPE_CHECK(!sizes_.empty());
  begin_ += sizes_.front();
  sizes_.pop_front();
}

void Inbox::newest_to_front() {
  if (sizes_.size() < 2) return;
  const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
  const auto newest = buffer_.begin() + static_cast<std::ptrdiff_t>(start_of(sizes_.size() - 1));
  std::rotate(first, newest, buffer_.begin() + static_cast<std::ptrdiff_t>(scanned_));
  sizes_.push_front(sizes_.back());
  sizes_.pop_back();
}

}  // namespace sendscope::sim
