#include "ui/live/line_reader.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/event/narration.h"

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
      ++count_;
      return true;
    }
    searched = buffer_.size() - begin_;
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (ended_ || !fill()) break;
  }
  if (buffer_.empty() || !error_.empty()) return false;
  if (stop_()) return false;  // the end of this line may be yet to come
  line = buffer_;
  begin_ = buffer_.size();
  ++count_;
  return true;
}

std::string LineReader::rest() const {
  std::uint64_t left = buffer_.size() - begin_;
  struct stat file {};
  const bool is_file = fstat(descriptor_, &file) == 0 && S_ISREG(file.st_mode);
  int waiting = 0;
  if (is_file) {
    left += static_cast<std::uint64_t>(std::max<off_t>(file.st_size - lseek(descriptor_, 0, SEEK_CUR), 0));
  } else if (ioctl(descriptor_, FIONREAD, &waiting) == 0) {
    left += static_cast<std::uint64_t>(waiting);
  }
  if (left == 0) return {};
  return (is_file ? "" : "at least ") + format_count(static_cast<std::int64_t>(left)) +
         " bytes of the input were not read";
}

// False at the end.
bool LineReader::fill() {
  while (!stop_()) {
    pollfd ready{descriptor_, POLLIN, 0};
    const int count = poll(&ready, 1, kAskEveryMs);
    if (count < 0 && errno != EINTR) return fail();
    if (count <= 0) continue;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kChunk);
    const ssize_t got = read(descriptor_, buffer_.data() + size, kChunk);
    buffer_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got > 0) return true;
    if (got == 0) break;
    if (errno != EINTR) return fail();
  }
  ended_ = true;
  return false;
}

bool LineReader::fail() {
  error_ = std::strerror(errno);
  ended_ = true;
  return false;
}

}  // namespace sendscope::ui
