#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/event/event_packing.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"
#include "core/event/trace_format.h"

namespace sendscope {
namespace {

Error not_readable(const std::string& name, const std::string& why) {
  return Error(ErrorCode::kInvalidInput, name + ": " + why);
}

// The ids of batches and requests of older versions: the producer's index in the top 5 of 32 bits.
void widen_ids(Event& event) {
  constexpr int kShift = 27;
  constexpr std::uint32_t kNumber = (1u << kShift) - 1;
  const KindRow& row = kind_row(event.kind);
  if (row.subject.unit == Unit::kBatch || row.subject.unit == Unit::kRequest) {
    const auto id = static_cast<std::uint32_t>(event.subject);
    event.subject = make_id(id >> kShift, id & kNumber);
  }
  if (row.a.unit == Unit::kBatch) event.a &= kNumber;
}

// Older versions told the values that were given, and no others.
void call_given(Event& event) {
  if (event.kind == EventKind::config_set) event.place = static_cast<std::uint32_t>(ConfigSource::kGiven);
}

// Reads blocks into a trace until one is not as it should be. Every length is held against the bytes that are
// there before anything is allocated.
class BlockReader {
 public:
  BlockReader(ByteReader reader, Bytes all, std::uint32_t version, int kinds, Trace& trace)
      : reader_(reader), all_(all), version_(version), kinds_(kinds), trace_(trace) {}

  void read_all() {
    while (!ended_ && trace_.damage.empty()) {
      at_ = reader_.position();
      if (reader_.at_end()) {
        damaged("the end is missing: the run was not closed properly");
        return;
      }
      read_block();
      ++block_;
    }
    if (ended_ && !reader_.at_end()) damaged("there are bytes behind the end");
  }

 private:
  void damaged(const std::string& what) {
    const std::string where =
        ended_ ? "the recording is damaged at its end: block "
               : "the recording ends early, at " + format_duration(trace_.log.end_time()) + ": block ";
    trace_.damage = where + std::to_string(block_) + " at byte " +
                    format_count(static_cast<std::int64_t>(at_)) + ": " + what + "; " +
                    format_count(static_cast<std::int64_t>(trace_.log.size())) +
                    " events before it are whole";
  }

  void read_block() {
    const auto type = static_cast<std::uint8_t>(reader_.i8());
    const std::uint32_t count = reader_.u32();
    const std::uint32_t length = reader_.u32();
    if (!reader_.ok() || reader_.remaining() < trace::kChecksumBytes ||
        length > reader_.remaining() - trace::kChecksumBytes) {
      return damaged("it is cut off");
    }
    const Bytes body = reader_.raw(length);
    const Bytes summed = all_.subspan(at_, trace::kBlockHeadBytes + length);
    if (crc32c(summed) != reader_.u32()) return damaged("its checksum does not match");
    switch (type) {
      case trace::kStrings: return read_strings(ByteReader(body), count);
      case trace::kEvents: return read_events(ByteReader(body), count, length);
      case trace::kPacked: return read_packed(body, count);
      case trace::kEnd: return read_end(ByteReader(body));
      default: return damaged("it is of no known type");
    }
  }

  void read_strings(ByteReader body, std::uint32_t count) {
    if (count > trace::kMaxStringsPerBlock) return damaged("it claims too many strings");
    std::vector<std::string> strings;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t length = body.u32();
      strings.emplace_back(body.text(length));
      if (!body.ok()) return damaged("a string is cut off");
    }
    trace_.log.append_strings(std::move(strings));
  }

  void read_events(ByteReader body, std::uint32_t count, std::uint32_t length) {
    if (std::uint64_t{count} * trace::kEventBytes != length) return damaged("its events do not fill it");
    std::vector<Event> events;
    events.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      Event event;
      event.t = body.i64();
      const std::uint16_t kind = body.u16();
      event.actor = body.u16();
      event.place = body.u32();
      event.subject = static_cast<std::uint64_t>(body.i64());
      event.a = body.u32();
      event.b = body.u32();
      if (kind >= kinds_ || event.t < 0) return damaged("an event is of no known kind");
      event.kind = static_cast<EventKind>(kind);
      events.push_back(event);
    }
    take(events);
  }

  void read_packed(Bytes body, std::uint32_t count) {
    if (count > body.size() / kSmallestPackedEvent) return damaged("its events do not fill it");
    std::vector<Event> events(count);
    EventUnpacker unpacker(body, kinds_);
    for (Event& event : events) {
      if (!unpacker.next(event)) return damaged("an event is of no known kind");
    }
    if (!unpacker.at_end()) return damaged("its events do not fill it");
    take(events);
  }

  void take(std::vector<Event>& events) {
    if (version_ < trace::kFirstWideIds) std::for_each(events.begin(), events.end(), widen_ids);
    if (version_ < trace::kFirstConfigSources) std::for_each(events.begin(), events.end(), call_given);
    trace_.log.append(events);
  }

  void read_end(ByteReader body) {
    ended_ = true;
    if (static_cast<std::uint64_t>(body.i64()) != trace_.log.size() || !body.ok()) {
      damaged("the number of events does not match");
    }
  }

  ByteReader reader_;
  Bytes all_;
  std::uint32_t version_;
  int kinds_;
  Trace& trace_;
  std::size_t block_ = 1;
  std::size_t at_ = 0;
  bool ended_ = false;
};

// What stands under the name is then not what was recorded last.
std::string later_recording(const std::string& path) {
  const std::string unfinished = path + std::string(trace::kUnfinishedSuffix);
  std::error_code none, other;
  const auto theirs = std::filesystem::last_write_time(unfinished, none);
  const auto own = std::filesystem::last_write_time(path, other);
  if (none || other || theirs <= own) return {};
  return "a later recording, " + unfinished + ", was not closed";
}

}  // namespace

Result<std::unique_ptr<Trace>> parse_trace(std::string_view bytes, const std::string& name) {
  const Bytes all = std::as_bytes(std::span(bytes.data(), bytes.size()));
  ByteReader reader(all);
  if (reader.text(trace::kMagic.size()) != trace::kMagic)
    return not_readable(name, "not a trace of sendscope");
  const std::uint32_t version = reader.u32();
  const std::uint32_t kinds = reader.u32();
  const auto fingerprint = static_cast<std::uint64_t>(reader.i64());
  const std::uint32_t length = reader.u32();
  if (!reader.ok() || length > trace::kMaxMetadataBytes || length > reader.remaining()) {
    return not_readable(name, "the header is cut off");
  }
  auto trace = std::make_unique<Trace>();
  trace->metadata = std::string(reader.text(length));
  const std::size_t summed = reader.position();
  if (crc32c(all.first(summed)) != reader.u32() || !reader.ok()) {
    return not_readable(name, "the checksum of the header does not match");
  }
  if (version < kOldestTraceVersion || version > kTraceVersion || kinds > kEventKindCount ||
      fingerprint != kind_table_fingerprint(static_cast<int>(kinds), version)) {
    return not_readable(
        name, "written by another version of sendscope (trace version " + std::to_string(version) + " with " +
                  std::to_string(kinds) + " kinds of events; this program reads versions " +
                  std::to_string(kOldestTraceVersion) + " to " + std::to_string(kTraceVersion) + " with " +
                  std::to_string(kEventKindCount) + "): record it again, or use that version");
  }
  BlockReader(reader, all, version, static_cast<int>(kinds), *trace).read_all();
  return trace;
}

std::string find_trace(const std::string& path) {
  std::error_code ignored;
  const std::string unfinished = path + std::string(trace::kUnfinishedSuffix);
  const bool only_that =
      !std::filesystem::exists(path, ignored) && std::filesystem::exists(unfinished, ignored);
  return only_that ? unfinished : path;
}

bool is_trace_file(const std::string& path) {
  std::ifstream in(find_trace(path), std::ios::binary);
  std::string begin(trace::kMagic.size(), '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return in && begin == trace::kMagic;
}

Result<std::unique_ptr<Trace>> read_trace(const std::string& path) {
  const std::string found = find_trace(path);
  std::FILE* file = std::fopen(found.c_str(), "rb");
  if (file == nullptr) {
    return Error(ErrorCode::kIo, path + ": cannot be opened: " + std::strerror(errno));
  }
  std::string bytes;
  std::vector<char> piece(std::size_t{1} << 20);
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), file)) > 0;) {
    bytes.append(piece.data(), got);
    if (!bytes.starts_with(trace::kMagic)) break;  // however long it is, it is no trace
  }
  const std::string failure = std::ferror(file) != 0 ? std::strerror(errno) : "";
  std::fclose(file);
  if (!failure.empty()) return Error(ErrorCode::kIo, path + ": cannot be read: " + failure);
  auto trace = parse_trace(bytes, found);
  if (trace) (*trace)->later = later_recording(found);
  return trace;
}

}  // namespace sendscope
