// Lines of a file descriptor, with a way to stop waiting for them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sendscope::ui {

class LineReader {
 public:
  // `stop` is asked whenever more is read, and now and then while nothing comes; once it says yes the input
  // counts as ended.
  LineReader(int descriptor, std::function<bool()> stop) : descriptor_(descriptor), stop_(std::move(stop)) {}

  // The next line without its end; the last one may have none. Valid until the next call. False at the end of
  // the input, or when reading failed.
  bool next(std::string_view& line);
  // What the system said when reading failed; empty otherwise.
  const std::string& error() const { return error_; }
  // How many lines next() has given.
  std::uint64_t count() const { return count_; }
  // What next() has not given, in words: "12 bytes of the input were not read"; of a pipe only what has come
  // is known: "at least 12 bytes ...". Empty when nothing is left.
  std::string rest() const;

 private:
  bool fill();
  bool fail();

  int descriptor_;
  std::function<bool()> stop_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t count_ = 0;
  bool ended_ = false;
  std::string error_;
};

}  // namespace sendscope::ui
