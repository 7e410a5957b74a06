// Tells when files change, by their time and size.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sendscope::ui {

class FileWatch {
 public:
  static constexpr std::chrono::milliseconds kPause{500};  // between two looks

  // From now on at these, as they are now.
  void watch(std::vector<std::string> paths);
  bool watches() const { return !paths_.empty(); }
  // Whether any of them is another one since it was asked the last time. A file that is not there, as while
  // an editor writes it, is waited for.
  bool changed();

 private:
  struct Stamp {
    std::int64_t time = 0;
    std::uintmax_t size = 0;
    bool operator==(const Stamp&) const = default;
  };
  // Empty: not all of them are there.
  std::vector<Stamp> stamps() const;

  std::vector<std::string> paths_;
  std::vector<Stamp> seen_;
};

}  // namespace sendscope::ui
