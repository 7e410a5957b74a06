#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/bytes.h"
#include "core/event/event_packing.h"
#include "core/event/trace_file.h"
#include "core/event/trace_format.h"
#include "core/event/trace_ring.h"

namespace sendscope {
namespace {

constexpr const char* kShortenedSuffix = ".shortened";

// The highest number of a string that the event speaks of; 0: none.
StringId highest_string(const Event& event) {
  StringId highest = 0;
  const KindRow& row = kind_row(event.kind);
  if (row.a.unit == Unit::kString) highest = std::max(highest, event.a);
  if (row.b.unit == Unit::kString) highest = std::max(highest, event.b);
  return highest;
}

}  // namespace

TraceWriter::TraceWriter(OutputPath path, std::FILE* file) : path_(std::move(path)), file_(file) {}

TraceWriter::~TraceWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

Result<void> TraceWriter::system_error(const char* doing) {
  failed_ = std::make_unique<Error>(
      ErrorCode::kIo, "cannot " + std::string(doing) + " the trace " + unfinished_path() + ": " +
                          std::strerror(errno) + "; what was written before stays there and can be read");
  return *failed_;
}

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const std::string& path, std::string_view metadata,
                                                         Nanos last) {
  OutputPath output(path, std::string(trace::kUnfinishedSuffix));
  if (output.is_directory()) {
    return Error(ErrorCode::kIo, "cannot create the trace " + path + ": this is a directory; name a file");
  }
  if (last > 0 && output.staging_path() == path) {
    return Error(ErrorCode::kIo,
                 "cannot create the trace " + path +
                     ": only a file can keep the end of a run, not a device or pipe; name a file");
  }
  std::FILE* file = std::fopen(output.staging_path().c_str(), "wb");
  if (file == nullptr) {
    return Error(ErrorCode::kIo,
                 "cannot create the trace " + output.staging_path() + ": " + std::strerror(errno));
  }
  std::unique_ptr<TraceWriter> writer(new TraceWriter(std::move(output), file));
  const std::vector<std::byte> head = trace::make_header(metadata);
  if (last > 0) {
    writer->ring_ = std::make_unique<TraceRing>(last);
    writer->ring_->wrote_header(head.size());
  }
  if (Result<void> written = writer->write(head); !written) return written.error();
  return writer;
}

Result<void> TraceWriter::write(Bytes bytes) {
  if (failed_) return *failed_;
  if (file_ != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return {};
  return system_error("write");
}

Result<void> TraceWriter::write_block(trace::BlockType type, std::uint32_t count, Bytes body, Nanos end) {
  const std::vector<std::byte> block = trace::make_block(type, count, body);
  if (ring_) ring_->wrote(type, count, block.size(), end);
  return write(block);
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
    if (Result<void> written = write_block(trace::kStrings, count, body, 0); !written) return written;
  }
  return {};
}

Result<void> TraceWriter::write_events(const EventLog& log, std::size_t end) {
  StringId strings = 0;
  std::vector<std::byte> body;
  EventPacker packer(body);
  for (std::size_t i = events_written_; i < end; ++i) {
    packer.add(log[i]);
    strings = std::max(strings, highest_string(log[i]));
  }
  if (Result<void> written = write_strings(log.strings(), std::min(strings + 1, log.strings().size()));
      !written) {
    return written;
  }
  const auto count = static_cast<std::uint32_t>(end - events_written_);
  if (Result<void> written = write_block(trace::kPacked, count, body, log[end - 1].t); !written)
    return written;
  events_written_ = end;
  return {};
}

Result<void> TraceWriter::append(const EventLog& log) {
  while (!failed_ && log.size() - events_written_ >= trace::kEventsPerBlock) {
    if (Result<void> written = write_events(log, events_written_ + trace::kEventsPerBlock); !written) {
      return written;
    }
  }
  return failed_ ? Result<void>(*failed_) : Result<void>();
}

Result<void> TraceWriter::flush(const EventLog& log) {
  if (Result<void> written = append(log); !written) return written;
  if (events_written_ < log.size()) {
    if (Result<void> written = write_events(log, log.size()); !written) return written;
  }
  if (ring_ && ring_->due(log.end_time())) {
    if (Result<void> shortened = shorten(log.end_time()); !shortened) return shortened;
  }
  return std::fflush(file_) == 0 ? Result<void>() : system_error("write");
}

// At every moment one of the two files is whole and has the name of the unfinished trace.
Result<void> TraceWriter::shorten(Nanos now) {
  if (std::fflush(file_) != 0) return system_error("write");
  const std::string shorter = unfinished_path() + kShortenedSuffix;
  std::FILE* from = std::fopen(unfinished_path().c_str(), "rb");
  std::FILE* to = std::fopen(shorter.c_str(), "wb");
  bool done = from != nullptr && to != nullptr && ring_->shorten(from, to, now) && std::fflush(to) == 0;
  done = done && std::rename(shorter.c_str(), unfinished_path().c_str()) == 0;
  const int reason = errno;
  if (from != nullptr) std::fclose(from);
  if (done) {
    std::fclose(std::exchange(file_, to));
    return {};
  }
  if (to != nullptr) std::fclose(to);
  std::remove(shorter.c_str());
  errno = reason;
  return system_error("shorten");
}

Result<void> TraceWriter::close(const EventLog& log) {
  if (Result<void> written = flush(log); !written) return written;
  if (ring_) {
    if (Result<void> shortened = shorten(log.end_time()); !shortened) return shortened;
  }
  std::vector<std::byte> body;
  ByteWriter(body).i64(static_cast<std::int64_t>(ring_ ? ring_->events() : log.size()));
  if (Result<void> written = write_block(trace::kEnd, 1, body, 0); !written) return written;
  const bool flushed = std::fflush(file_) == 0;
  if (!flushed) (void)system_error("write");
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (!closed && !failed_) (void)system_error("write");
  if (failed_) return *failed_;
  return path_.publish() ? Result<void>() : system_error("rename");
}

std::uint64_t TraceWriter::events() const { return ring_ ? ring_->events() : events_written_; }

}  // namespace sendscope
