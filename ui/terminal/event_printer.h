// Prints events to standard output: as sentences (defaults of a configuration as one), as JSON lines, or not
// at all.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "core/event/event_log.h"

namespace sendscope::ui {

enum class EventFormat : std::uint8_t { kPlain, kJsonLines, kQuiet };

std::optional<EventFormat> find_event_format(const std::string& name);  // "text", "jsonl", "quiet"

// {"t_ns": 5, "kind": "batch_ready", ...}: the fields of the kind under their names. Things are named as in
// expressions; ids of batches, requests and records are their numbers.
std::string event_json(const Event& event, const StringTable& strings, const NameBook& names);

// Prints what the log has gained since the last call.
class EventPrinter {
 public:
  EventPrinter(EventFormat format, std::ostream& out) : format_(format), out_(out) {}

  void print(const EventLog& log);

 private:
  EventFormat format_;
  std::ostream& out_;
  std::size_t printed_ = 0;
};

}  // namespace sendscope::ui
