// A run as a file: header with metadata, then blocks of events and of strings, each with its length and
// CRC-32C.
//
// Layout, big-endian:
//   header  "SSTRACE1", version u32, kinds u32 and the fingerprint of their rows u64, metadata length u32,
//           metadata (JSON text: scenario, seed, command line), CRC-32C u32 of all before
//   block   type u8 (1 strings, 2 events, 3 end, 4 packed events), count u32, length u32, body, CRC-32C u32
//           of all of it
//   string  length u32, bytes; numbers follow each other, from 1
//   packed events   see event_packing.h; each block is read without those before it
//   event   of version 1: t i64, kind u16, actor u16, place u32, subject u64, a u32, b u32
//
// Versions 1 and 2 are still read; their ids of batches and requests have 32 bits, 5 of them for the
// producer, and they tell of a configuration only what was given.
//
// Strings stand before the first event that speaks of them, so every beginning of the file that ends with a
// whole block can be read. The end block carries the number of events and says that the run was closed
// properly. A file without it is unfinished: it is read up to its last good block, and the reader says where
// it ends.
//
// A trace is written to PATH.unfinished and renamed to PATH by close(), so a file under its own name is
// whole. (A device or pipe is written in place.) A process that is killed leaves PATH.unfinished, with
// everything up to the last flush(); who opens PATH gets it when there is no PATH.
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
#include "core/event/trace_format.h"

namespace sendscope {

inline constexpr std::uint32_t kTraceVersion = 3;
inline constexpr std::uint32_t kOldestTraceVersion = 1;  // that is still read

// A number that changes when one of the first `kinds` rows of kinds.def, as they were in that version,
// changes its name or fields. A trace that knows fewer kinds than this program is read; one that knows others
// or more is not.
std::uint64_t kind_table_fingerprint(int kinds, std::uint32_t version = kTraceVersion);

class TraceRing;

// Thread-safety: none. Errors name the file and what the system said; after the first one nothing more is
// written and every call returns it.
class TraceWriter {
 public:
  // metadata: JSON text; see run_metadata of the program for its keys. last: how much of the end of the run
  // is kept, in ns, to the distance of two flushes; 0: all of it. The file then grows to one and a quarter of
  // that, and for a moment there are two. Errors: kIo; with `last`, also for what is no file.
  static Result<std::unique_ptr<TraceWriter>> create(const std::string& path, std::string_view metadata,
                                                     Nanos last = 0);
  ~TraceWriter();  // not closed: what was written stays in PATH.unfinished

  // Writes the full blocks of events that the log has gained since the last call. Always the same log. How
  // often it is called does not show in the file: equal logs give equal bytes.
  Result<void> append(const EventLog& log);
  // Writes all that the log has gained and hands it to the system: the end of this process takes nothing of
  // it any more. When it is called does show in the file.
  Result<void> flush(const EventLog& log);
  // Writes the rest and the end block, and gives the file its name.
  Result<void> close(const EventLog& log);
  // Events of the log up to this number are written; the log may forget them.
  std::size_t written() const { return events_written_; }
  // How many are in the file.
  std::uint64_t events() const;
  // Where the bytes are until close().
  const std::string& unfinished_path() const { return path_.staging_path(); }

 private:
  TraceWriter(OutputPath path, std::FILE* file);
  Result<void> write(Bytes bytes);
  // end: when the last event in it happened.
  Result<void> write_block(trace::BlockType type, std::uint32_t count, Bytes body, Nanos end);
  // The strings up to number `end` that are not written yet.
  Result<void> write_strings(const StringTable& strings, StringId end);
  // Events up to `end`, preceded by the strings they are the first to speak of.
  Result<void> write_events(const EventLog& log, std::size_t end);
  // Takes out of the file what is too old at `now`.
  Result<void> shorten(Nanos now);
  // From errno; it is what every later call returns.
  Result<void> system_error(const char* doing);

  OutputPath path_;
  std::FILE* file_ = nullptr;
  std::size_t events_written_ = 0;
  StringId strings_written_ = 1;
  std::unique_ptr<Error> failed_;
  std::unique_ptr<TraceRing> ring_;  // only the end is kept
};

struct Trace {
  std::string metadata;
  EventLog log;
  // Empty: whole. Otherwise where it ends and why ("the recording ends early, at 1.5 s: block 12 at byte 81
  // 920: its checksum does not match; 45 056 events before it are whole").
  std::string damage;
  // Empty, or that a later recording of the same name was not closed ("a later recording, t.trace.unfinished,
  // was not closed").
  std::string later;
};

// PATH; or PATH.unfinished when only that exists.
std::string find_trace(const std::string& path);

// Whether the file begins as a trace does. A file that cannot be read is none.
bool is_trace_file(const std::string& path);

// Fails when nothing can be read: no such file, not a trace, a version or kind table of another generation.
// Otherwise gives everything up to the last good block. Where there is no PATH, PATH.unfinished is read.
Result<std::unique_ptr<Trace>> read_trace(const std::string& path);
// The same from bytes in memory; `name` stands in messages.
Result<std::unique_ptr<Trace>> parse_trace(std::string_view bytes, const std::string& name);

}  // namespace sendscope
