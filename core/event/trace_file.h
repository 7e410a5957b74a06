// A run as a file: header with metadata, then blocks of events and of strings, each with its length and
// CRC-32C.
//
// Layout, big-endian:
//   header  "SSTRACE1", version u32, kinds u32 and the fingerprint of their rows u64, metadata length u32,
//           metadata (JSON text: scenario, seed, command line), CRC-32C u32 of all before
//   block   type u8 (1 strings, 2 events, 3 end), count u32, length u32, body, CRC-32C u32 of all of it
//   event   t i64, kind u16, actor u16, place u32, subject u64, a u32, b u32
//   string  length u32, bytes; numbers follow each other, from 1
//
// The end block carries the number of events and says that the run was closed properly. A file without it is
// unfinished: it is read up to its last good block, and the reader says what is missing.
//
// A trace is written to PATH.unfinished and renamed to PATH by close(), so a file under its own name is
// whole. (A device or pipe is written in place.)
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/output_path.h"
#include "core/base/result.h"
#include "core/event/event.h"
#include "core/event/event_log.h"

namespace sendscope {

inline constexpr std::uint32_t kTraceVersion = 1;

// A number that changes when one of the first `kinds` rows of kinds.def changes its name or fields. A trace
// that knows fewer kinds than this program is read; one that knows others or more is not.
std::uint64_t kind_table_fingerprint(int kinds);

// Thread-safety: none. Errors name the file and what the system said; after the first one nothing more is
// written and every call returns it.
class TraceWriter {
 public:
  // metadata: JSON text; see run_metadata of the program for its keys.
  static Result<std::unique_ptr<TraceWriter>> create(const std::string& path, std::string_view metadata);
  ~TraceWriter();  // not closed: what was written stays in PATH.unfinished

  // Writes the full blocks of events that the log has gained since the last call. Always the same log. How
  // often it is called does not show in the file: equal logs give equal bytes.
  Result<void> append(const EventLog& log);
  // Writes the rest and the end block, and gives the file its name.
  Result<void> close(const EventLog& log);
  // Where the bytes are until close().
  const std::string& unfinished_path() const { return path_.staging_path(); }

 private:
  TraceWriter(OutputPath path, std::FILE* file);
  Result<void> write(std::string_view bytes);
  Result<void> write_block(char type, std::uint32_t count, std::string_view body);
  // The strings up to number `end` that are not written yet.
  Result<void> write_strings(const StringTable& strings, StringId end);
  // Events up to `end`, preceded by the strings they are the first to speak of.
  Result<void> write_events(const EventLog& log, std::size_t end);
  Error system_error(const char* doing) const;

  OutputPath path_;
  std::FILE* file_ = nullptr;
  std::size_t events_written_ = 0;
  StringId strings_written_ = 1;
  std::unique_ptr<Error> failed_;
};

struct Trace {
  std::string metadata;
  EventLog log;
  // Empty: whole. Otherwise what is wrong and from where on ("block 12 at byte 81 920: checksum does not
  // match").
  std::string damage;
};

// Fails when nothing can be read: no such file, not a trace, a version or kind table of another generation.
// Otherwise gives everything up to the last good block.
Result<std::unique_ptr<Trace>> read_trace(const std::string& path);
// The same from bytes in memory; `name` stands in messages.
Result<std::unique_ptr<Trace>> parse_trace(std::string_view bytes, const std::string& name);

}  // namespace sendscope
