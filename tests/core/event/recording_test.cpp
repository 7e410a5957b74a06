// Recordings that are killed, cut off, of the version before, or of the end of a run only.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

// A folder of its own for each test, removed at its end.
struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sendscope-recording-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string trace() const { return path + "/t.trace"; }
  std::string path;
};

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::unique_ptr<TraceWriter> writer_of(const std::string& path, Nanos last = 0) {
  auto writer = TraceWriter::create(path, "{}", last);
  REQUIRE(writer.ok());
  return std::move(*writer);
}

std::unique_ptr<Trace> trace_of(const std::string& path) {
  auto trace = read_trace(path);
  INFO((trace ? "" : trace.error().message));
  REQUIRE(trace.ok());
  return std::move(*trace);
}

// Event n of a run that happens every 10 ms; every thousandth speaks of a word of its own.
Event event_at(EventLog& log, std::uint64_t n) {
  Event event{.t = static_cast<Nanos>(n) * 10 * kNanosPerMilli,
              .kind = EventKind::latch_released,
              .actor = 0,
              .place = 0,
              .subject = n};
  if (n % 1000 != 0) return event;
  event.kind = EventKind::fault_began;
  event.a = log.strings().size();
  log.append_strings({"word-" + std::to_string(n)});
  return event;
}

// What a run says of itself first.
void begin_run(EventLog& log) {
  log.append_strings({"the run", "orders", "p1", "linger.ms", "5", "20"});
  log.append(Event{.kind = EventKind::run_started, .place = 1, .a = 1});
  log.append(Event{.kind = EventKind::producer_created, .actor = 0, .subject = 64, .a = 3, .b = 16});
  log.append(Event{.kind = EventKind::config_set, .actor = 0, .place = 1, .a = 4, .b = 5});
  log.append(Event{.kind = EventKind::partition_named, .place = 0, .a = 2, .b = 7});
  log.append(Event{.kind = EventKind::config_set, .actor = 0, .place = 1, .a = 4, .b = 6});
}

std::uint64_t missing(const EventLog& log) {
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == EventKind::events_lost) events += log[i].subject;
  }
  return events;
}

}  // namespace

TEST_CASE("what was flushed is there after SIGKILL, under the name that was asked for") {
  const Folder folder;
  std::fflush(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    EventLog log;
    begin_run(log);
    auto writer = TraceWriter::create(folder.trace(), "{}");
    for (std::uint64_t n = 0; n < 5000; ++n) log.append(event_at(log, n));
    if (!writer || !(*writer)->flush(log)) _exit(1);
    for (std::uint64_t n = 5000; n < 5100; ++n) log.append(event_at(log, n));
    if (!(*writer)->append(log)) _exit(1);
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  const auto trace = trace_of(folder.trace());
  CHECK(trace->log.size() == 5005);
  CHECK(trace->log.back().subject == 4999);
  CHECK(trace->log.strings().view(7) == "word-0");
  CHECK(trace->damage.find("the recording ends early, at 49.99 s: block ") == 0);
  CHECK(trace->later.empty());
}

TEST_CASE("a whole trace beside a later one that was not closed says so") {
  const Folder folder;
  EventLog log;
  begin_run(log);
  REQUIRE(writer_of(folder.trace())->close(log).ok());
  CHECK(trace_of(folder.trace())->later.empty());
  REQUIRE(writer_of(folder.trace())->flush(log).ok());
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(folder.trace(), now - std::chrono::seconds(10));
  CHECK(trace_of(folder.trace())->damage.empty());
  CHECK(trace_of(folder.trace())->later ==
        "a later recording, " + folder.trace() + ".unfinished, was not closed");
}

TEST_CASE("cut off at any byte, a trace is read up to its last whole block") {
  const Folder folder;
  EventLog log;
  begin_run(log);
  auto writer = writer_of(folder.trace());
  std::vector<std::pair<std::size_t, std::size_t>> flushed;  // size of the file, events in it
  for (std::uint64_t n = 990; n < 2030; ++n) {
    log.append(event_at(log, n));
    if (n % 50 != 0) continue;
    REQUIRE(writer->flush(log).ok());
    flushed.emplace_back(std::filesystem::file_size(writer->unfinished_path()), log.size());
  }
  REQUIRE(writer->close(log).ok());
  const std::string bytes = bytes_of_file(folder.trace());
  for (std::size_t keep = 0; keep < bytes.size(); ++keep) {
    auto trace = parse_trace(std::string_view(bytes).substr(0, keep), "cut");
    if (!trace.ok()) {
      CHECK(keep < 34);  // the header
      continue;
    }
    std::size_t whole = 0;
    for (const auto& [size, events] : flushed) whole = size <= keep ? events : whole;
    const std::size_t read = (*trace)->log.size();
    REQUIRE(read >= whole);
    REQUIRE((*trace)->damage.find("the recording ends early, at ") == 0);
    for (std::size_t i = 0; i < read; ++i) REQUIRE((*trace)->log[i] == log[i]);
    if (whole > 100) REQUIRE((*trace)->log.strings().view(7) == "word-1000");
  }
}

TEST_CASE("a trace of an older version is read") {
  // As that version had them.
  constexpr int kKinds = 95;
  constexpr std::uint64_t kFingerprint = 0xbba49691f0dcffb7;

  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  out.text("SSTRACE1");
  out.u32(1);
  out.u32(kKinds);
  out.i64(static_cast<std::int64_t>(kFingerprint));
  out.u32(2);
  out.text("{}");
  out.u32(crc32c(bytes));
  const auto block = [&](int type, std::uint32_t count, const std::vector<std::byte>& body) {
    const std::size_t begin = bytes.size();
    out.i8(static_cast<std::int8_t>(type));
    out.u32(count);
    out.u32(static_cast<std::uint32_t>(body.size()));
    out.raw(body);
    out.u32(crc32c(Bytes(bytes).subspan(begin)));
  };
  std::vector<std::byte> body;
  ByteWriter(body).u32(6);
  ByteWriter(body).text("orders");
  block(1, 1, body);
  body.clear();
  ByteWriter event(body);
  event.i64(42);
  event.u16(static_cast<std::uint16_t>(EventKind::partition_named));
  event.u16(kNoActor);
  event.u32(3);
  event.i64(0);
  event.u32(1);
  event.u32(7);
  event.i64(43);
  event.u16(static_cast<std::uint16_t>(EventKind::config_set));
  event.u16(0);
  event.u32(kNoPlace);
  event.i64(0);
  event.u32(1);
  event.u32(1);
  block(2, 2, body);
  body.clear();
  ByteWriter(body).i64(2);
  block(3, 1, body);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  auto trace = parse_trace(text, "old");
  REQUIRE(trace.ok());
  CHECK((*trace)->damage.empty());
  REQUIRE((*trace)->log.size() == 2);
  CHECK((*trace)->log[0] == Event{.t = 42, .kind = EventKind::partition_named, .place = 3, .a = 1, .b = 7});
  CHECK((*trace)->log[1].place == static_cast<std::uint32_t>(ConfigSource::kGiven));
  CHECK((*trace)->log.strings().view(1) == "orders");
}

TEST_CASE("of the end of a run: the file never holds much more, and what stood before is told") {
  constexpr Nanos kLast = 10 * kNanosPerSecond;
  constexpr std::uint64_t kEvents = 20'000;  // 200 s
  const Folder folder;
  EventLog log;
  begin_run(log);
  auto writer = writer_of(folder.trace(), kLast);
  std::size_t largest = 0;
  for (std::uint64_t n = 0; n < kEvents; ++n) {
    log.append(event_at(log, n));
    if (n % 50 != 49) continue;
    REQUIRE(writer->flush(log).ok());
    largest = std::max<std::size_t>(largest, std::filesystem::file_size(writer->unfinished_path()));
    if (n % 2500 != 49) continue;  // at any time it can be read as it stands
    const auto now = trace_of(folder.trace());
    CHECK(now->log.back() == log.back());
    CHECK(now->log.size() < 1400);
    CHECK(missing(now->log) + now->log.size() - (missing(now->log) > 0 ? 1 : 0) == log.size());
  }
  CHECK(largest < 20'000);
  REQUIRE(writer->close(log).ok());
  CHECK_FALSE(std::filesystem::exists(folder.trace() + ".unfinished.shortened"));
  const auto trace = trace_of(folder.trace());
  CHECK(trace->damage.empty());
  const EventLog& kept = trace->log;
  REQUIRE(kept.size() > 1000);
  CHECK(kept.size() < 1100);
  CHECK(missing(kept) == log.size() - (kept.size() - 1));
  CHECK(kept[0].kind == EventKind::run_started);
  CHECK(kept[1].kind == EventKind::events_lost);
  CHECK(kept[1].t == 0);
  CHECK(kept[2].kind == EventKind::producer_created);
  CHECK(kept[3].kind == EventKind::partition_named);
  CHECK(kept[4] ==
        Event{.kind = EventKind::config_set, .actor = 0, .place = 1, .a = 4, .b = 6});  // as it was last
  CHECK(kept[5].t >= kept.end_time() - kLast - kNanosPerSecond / 2);
  CHECK(narrate(kept[3], kept.strings(), kept.names()) == "orders-7 exists.");
  for (std::size_t i = 5; i < kept.size(); ++i) {
    REQUIRE(kept[i] == log[log.size() - kept.size() + i]);
    if (kept[i].kind == EventKind::fault_began) {
      CHECK(kept.strings().view(kept[i].a) == "word-" + std::to_string(kept[i].subject));
    }
  }
}

TEST_CASE("a run shorter than what is kept is whole") {
  const Folder folder;
  EventLog log;
  begin_run(log);
  for (std::uint64_t n = 0; n < 300; ++n) log.append(event_at(log, n));
  auto writer = writer_of(folder.trace(), 10 * kNanosPerSecond);
  REQUIRE(writer->close(log).ok());
  CHECK(writer->events() == log.size());
  const auto trace = trace_of(folder.trace());
  CHECK(trace->damage.empty());
  REQUIRE(trace->log.size() == log.size());
  CHECK(missing(trace->log) == 0);
}

TEST_CASE("a silence longer than what is kept leaves what stood") {
  const Folder folder;
  EventLog log;
  begin_run(log);
  auto writer = writer_of(folder.trace(), kNanosPerSecond);
  REQUIRE(writer->flush(log).ok());
  log.append(Event{.t = 3600 * kNanosPerSecond, .kind = EventKind::run_ended});
  REQUIRE(writer->close(log).ok());
  const auto trace = trace_of(folder.trace());
  CHECK(trace->damage.empty());
  CHECK(trace->log.size() == 6);  // one of the two config_set is gone
  CHECK(missing(trace->log) == 1);
}

TEST_CASE("only a file can keep the end of a run") {
  if (!std::filesystem::exists("/dev/full")) return;
  const auto writer = TraceWriter::create("/dev/full", "{}", kNanosPerSecond);
  REQUIRE_FALSE(writer.ok());
  CHECK(writer.error().message.find("not a device or pipe") != std::string::npos);
}

TEST_CASE("a folder where the shorter file cannot be made ends the recording, and what was written stays") {
  const Folder folder;
  EventLog log;
  begin_run(log);
  auto writer = writer_of(folder.trace(), kNanosPerSecond);
  REQUIRE(writer->flush(log).ok());
  std::filesystem::create_directory(folder.trace() + ".unfinished.shortened");
  log.append(Event{.t = 60 * kNanosPerSecond, .kind = EventKind::latch_released});
  const Result<void> shortened = writer->flush(log);
  REQUIRE_FALSE(shortened.ok());
  CHECK(shortened.error().message.find("cannot shorten the trace ") == 0);
  CHECK(writer->close(log).error().message == shortened.error().message);
  writer.reset();
  CHECK(trace_of(folder.trace())->log.size() == 6);
}

}  // namespace sendscope
