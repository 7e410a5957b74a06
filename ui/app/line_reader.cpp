#include "ui/app/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sendscope::ui {
namespace {

constexpr std::size_t kChunk = 64u << 10;
constexpr int kAskEveryMs = 100;

}  // namespace

bool LineReader::next(std::string_view& line) {
  std::size_t searched = begin_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = end + 1;
      return true;
    }
    searched = buffer_.size() - begin_;
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (ended_ || !fill()) break;
  }
  if (buffer_.empty() || !error_.empty()) return false;
  line = buffer_;
  begin_ = buffer_.size();
  return true;
}

// False at the end.
bool LineReader::fill() {
  for (;;) {
    pollfd ready{descriptor_, POLLIN, 0};
    const int count = poll(&ready, 1, kAskEveryMs);
    if (count < 0 && errno != EINTR) break;
    if (count <= 0) {
      if (!stop_()) continue;
      ended_ = true;
      return false;
    }
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kChunk);
    const ssize_t got = read(descriptor_, buffer_.data() + size, kChunk);
    buffer_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got > 0) return true;
    if (got < 0 && errno == EINTR) continue;
    ended_ = true;
    if (got < 0) error_ = std::strerror(errno);
    return false;
  }
  ended_ = true;
  error_ = std::strerror(errno);
  return false;
}

}  // namespace sendscope::ui
