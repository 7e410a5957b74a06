// The words of a run: topics, configuration values, texts. Events carry their numbers; 0 is the empty string.
//
// Thread-safety: none; each EventLog owns one. Views stay valid until the table is destroyed.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/event.h"

namespace sendscope {

class StringTable {
 public:
  StringTable() : strings_(1) {}

  // Takes the strings that follow those it has, in order of their numbers (EventSink::strings_from(size())).
  void append(std::vector<std::string> strings) {
    for (std::string& text : strings) strings_.push_back(std::move(text));
  }
  // Empty for a number it does not know: numbers come from files too.
  std::string_view view(StringId id) const {
    return id < strings_.size() ? std::string_view(strings_[id]) : std::string_view{};
  }
  StringId size() const { return static_cast<StringId>(strings_.size()); }

 private:
  std::deque<std::string> strings_;
};

}  // namespace sendscope
