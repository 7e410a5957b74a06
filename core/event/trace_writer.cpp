#include <cerrno>
#include <cstring>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/event/trace_file.h"
#include "core/event/trace_format.h"

namespace sendscope {
namespace {

// FNV-1a.
void mix(std::uint64_t& hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  hash = (hash ^ 0xff) * 0x100000001b3u;
}

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string_view text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write_event(ByteWriter& out, const Event& event) {
  out.i64(event.t);
  out.u16(static_cast<std::uint16_t>(event.kind));
  out.u16(event.actor);
  out.u32(event.place);
  out.i64(static_cast<std::int64_t>(event.subject));
  out.u32(event.a);
  out.u32(event.b);
}

// The highest number of a string that the event speaks of; 0: none.
StringId highest_string(const Event& event) {
  StringId highest = 0;
  const KindRow& row = kind_row(event.kind);
  if (row.a.unit == Unit::kString) highest = std::max(highest, event.a);
  if (row.b.unit == Unit::kString) highest = std::max(highest, event.b);
  return highest;
}

}  // namespace

std::uint64_t kind_table_fingerprint(int kinds) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (int i = 0; i < kinds; ++i) {
    const KindRow& row = kind_row(static_cast<EventKind>(i));
    mix(hash, row.name);
    for (const FieldRow& field : {row.actor, row.place, row.subject, row.a, row.b}) {
      mix(hash, field.name);
      hash = (hash ^ static_cast<std::uint64_t>(field.unit)) * 0x100000001b3u;
    }
  }
  return hash;
}

TraceWriter::TraceWriter(OutputPath path, std::FILE* file) : path_(std::move(path)), file_(file) {}

TraceWriter::~TraceWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

Error TraceWriter::system_error(const char* doing) const {
  return Error(ErrorCode::kIo, "cannot " + std::string(doing) + " the trace " + unfinished_path() + ": " +
                                   std::strerror(errno) +
                                   "; what was written before stays there and can be read");
}

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const std::string& path, std::string_view metadata) {
  OutputPath output(path, std::string(trace::kUnfinishedSuffix));
  if (output.is_directory()) {
    return Error(ErrorCode::kIo, "cannot create the trace " + path + ": this is a directory; name a file");
  }
  std::FILE* file = std::fopen(output.staging_path().c_str(), "wb");
  if (file == nullptr) {
    return Error(ErrorCode::kIo,
                 "cannot create the trace " + output.staging_path() + ": " + std::strerror(errno));
  }
  std::unique_ptr<TraceWriter> writer(new TraceWriter(std::move(output), file));
  std::vector<std::byte> head;
  ByteWriter out(head);
  out.text(trace::kMagic);
  out.u32(kTraceVersion);
  out.u32(kEventKindCount);
  out.i64(static_cast<std::int64_t>(kind_table_fingerprint(kEventKindCount)));
  out.u32(static_cast<std::uint32_t>(metadata.size()));
  out.text(metadata);
  out.u32(crc32c(head));
  if (Result<void> written = writer->write(text_of(head)); !written) return written.error();
  return writer;
}

Result<void> TraceWriter::write(std::string_view bytes) {
  if (failed_) return *failed_;
  if (file_ != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return {};
  failed_ = std::make_unique<Error>(system_error("write"));
  return *failed_;
}

Result<void> TraceWriter::write_block(char type, std::uint32_t count, std::string_view body) {
  std::vector<std::byte> block;
  block.reserve(body.size() + trace::kBlockHeadBytes + trace::kChecksumBytes);
  ByteWriter out(block);
  out.i8(type);
  out.u32(count);
  out.u32(static_cast<std::uint32_t>(body.size()));
  out.raw(bytes_of(body));
  out.u32(crc32c(block));
  return write(text_of(block));
}

Result<void> TraceWriter::write_strings(const StringTable& strings, StringId end) {
  while (strings_written_ < end) {
    std::vector<std::byte> body;
    ByteWriter out(body);
    std::uint32_t count = 0;
    while (strings_written_ < end && count < trace::kMaxStringsPerBlock &&
           body.size() < trace::kMaxStringBytes) {
      const std::string_view text = strings.view(strings_written_++).substr(0, trace::kMaxStringBytes);
      out.u32(static_cast<std::uint32_t>(text.size()));
      out.text(text);
      ++count;
    }
    if (Result<void> written = write_block(trace::kStrings, count, text_of(body)); !written) return written;
  }
  return {};
}

Result<void> TraceWriter::write_events(const EventLog& log, std::size_t end) {
  StringId strings = 0;
  std::vector<std::byte> body;
  body.reserve((end - events_written_) * trace::kEventBytes);
  ByteWriter out(body);
  for (std::size_t i = events_written_; i < end; ++i) {
    write_event(out, log[i]);
    strings = std::max(strings, highest_string(log[i]));
  }
  if (Result<void> written = write_strings(log.strings(), std::min(strings + 1, log.strings().size()));
      !written) {
    return written;
  }
  const auto count = static_cast<std::uint32_t>(end - events_written_);
  events_written_ = end;
  return write_block(trace::kEvents, count, text_of(body));
}

Result<void> TraceWriter::append(const EventLog& log) {
  while (log.size() - events_written_ >= trace::kEventsPerBlock) {
    if (Result<void> written = write_events(log, events_written_ + trace::kEventsPerBlock); !written) {
      return written;
    }
  }
  return failed_ ? Result<void>(*failed_) : Result<void>();
}

Result<void> TraceWriter::close(const EventLog& log) {
  if (Result<void> written = append(log); !written) return written;
  if (events_written_ < log.size()) {
    if (Result<void> written = write_events(log, log.size()); !written) return written;
  }
  std::vector<std::byte> body;
  ByteWriter(body).i64(static_cast<std::int64_t>(log.size()));
  if (Result<void> written = write_block(trace::kEnd, 1, text_of(body)); !written) return written;
  const bool flushed = std::fflush(file_) == 0;
  if (!flushed) failed_ = std::make_unique<Error>(system_error("write"));
  const bool closed = std::fclose(file_) == 0;
  file_ = nullptr;
  if (!closed && !failed_) failed_ = std::make_unique<Error>(system_error("write"));
  if (failed_) return *failed_;
  if (!path_.publish()) {
    failed_ = std::make_unique<Error>(system_error("rename"));
    return *failed_;
  }
  return {};
}

}  // namespace sendscope
