#include "core/event/trace_file.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

#include "core/base/crc32c.h"
#include "core/base/prng.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

// A path of its own for each test, removed at its end.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path((std::filesystem::temp_directory_path() / ("sendscope_test_" + name)).string()) {
    clean();
  }
  ~TemporaryFile() { clean(); }
  void clean() const {
    std::filesystem::remove(path);
    std::filesystem::remove(path + ".unfinished");
  }
  std::string bytes() const {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  std::string path;
};

void fill(EventLog& log, std::size_t count) {
  log.append_strings({"orders", "p1", "never spoken of"});
  log.append(Event{.kind = EventKind::producer_created, .actor = 0, .subject = 64, .a = 2, .b = 16});
  log.append(Event{.t = 1, .kind = EventKind::partition_named, .place = 0, .a = 1, .b = 0});
  for (std::size_t i = 2; i < count; ++i) {
    log.append(Event{.t = static_cast<Nanos>(i) * 1000,
                     .kind = EventKind::record_appended,
                     .actor = 0,
                     .place = 0,
                     .subject = i,
                     .a = 1,
                     .b = static_cast<std::uint32_t>(i * 7)});
  }
}

std::string written(const EventLog& log, const std::string& name) {
  const TemporaryFile file(name);
  auto writer = TraceWriter::create(file.path, "{\"seed\": 7}");
  REQUIRE(writer.ok());
  REQUIRE((*writer)->close(log).ok());
  return file.bytes();
}

TEST_CASE("a trace gives back what was written") {
  EventLog log;
  fill(log, 10'000);
  const TemporaryFile file("whole.trace");
  {
    auto writer = TraceWriter::create(file.path, "{\"seed\": 7}");
    REQUIRE(writer.ok());
    REQUIRE((*writer)->append(log).ok());
    CHECK_FALSE(std::filesystem::exists(file.path));
    CHECK(std::filesystem::exists(file.path + ".unfinished"));
    REQUIRE((*writer)->close(log).ok());
  }
  CHECK_FALSE(std::filesystem::exists(file.path + ".unfinished"));
  auto trace = read_trace(file.path);
  REQUIRE(trace.ok());
  CHECK((*trace)->damage.empty());
  CHECK((*trace)->metadata == "{\"seed\": 7}");
  REQUIRE((*trace)->log.size() == log.size());
  for (std::size_t i = 0; i < log.size(); ++i) REQUIRE((*trace)->log[i] == log[i]);
  CHECK((*trace)->log.strings().view(1) == "orders");
  CHECK((*trace)->log.names() == log.names());
}

TEST_CASE("how often the writer is called does not show in the file") {
  EventLog log;
  fill(log, 9'000);
  const TemporaryFile file("piecewise.trace");
  auto writer = TraceWriter::create(file.path, "{\"seed\": 7}");
  REQUIRE(writer.ok());
  EventLog growing;
  growing.append_strings({"orders", "p1", "never spoken of"});
  for (std::size_t i = 0; i < log.size(); ++i) {
    growing.append(log[i]);
    if (i % 37 == 0) REQUIRE((*writer)->append(growing).ok());
  }
  REQUIRE((*writer)->close(growing).ok());
  CHECK(file.bytes() == written(log, "at_once.trace"));
}

TEST_CASE("an unfinished trace can be read, and says that it is unfinished") {
  EventLog log;
  fill(log, 9'000);
  const TemporaryFile file("unfinished.trace");
  {
    auto writer = TraceWriter::create(file.path, "{}");
    REQUIRE(writer.ok());
    REQUIRE((*writer)->append(log).ok());
  }
  auto trace = read_trace(file.path + ".unfinished");
  REQUIRE(trace.ok());
  CHECK((*trace)->log.size() == 8192);
  CHECK((*trace)->damage.find("the end is missing") != std::string::npos);
}

TEST_CASE("a truncated trace is read up to its last good block") {
  EventLog log;
  fill(log, 9'000);
  const std::string bytes = written(log, "truncated.trace");
  for (std::size_t keep = 0; keep < bytes.size(); keep += 997) {
    auto trace = parse_trace(std::string_view(bytes).substr(0, keep), "cut.trace");
    if (!trace.ok()) {
      CHECK(keep < 100);
      CHECK(trace.error().message.find("cut.trace: ") == 0);
      continue;
    }
    CHECK_FALSE((*trace)->damage.empty());
    CHECK((*trace)->log.size() % 4096 == 0);
    CHECK((*trace)->log.size() >= (keep > 270'000 ? 8192u : 0u));
  }
}

TEST_CASE("a flipped bit is noticed, and everything before it is read") {
  EventLog log;
  fill(log, 9'000);
  std::string bytes = written(log, "flipped.trace");
  bytes[bytes.size() / 2 + 20'000] ^= 0x10;
  auto trace = parse_trace(bytes, "flipped.trace");
  REQUIRE(trace.ok());
  CHECK((*trace)->damage.find("checksum does not match") != std::string::npos);
  CHECK((*trace)->log.size() == 4096);
}

TEST_CASE("what is no trace, or another version's, is refused with a reason") {
  CHECK(parse_trace("", "empty").error().message == "empty: not a trace of sendscope");
  CHECK(parse_trace("{\"sendscope\": 1}", "x.json").error().message == "x.json: not a trace of sendscope");
  CHECK(read_trace("/no/such/file").error().message.find("/no/such/file: cannot be opened") == 0);
  EventLog log;
  fill(log, 10);
  std::string bytes = written(log, "version.trace");
  bytes[11] = 9;
  CHECK(parse_trace(bytes, "v").error().message == "v: the checksum of the header does not match");
}

TEST_CASE("a trace of version 2 is read, and its ids become those of today") {
  constexpr std::uint32_t kOldProducer = 3u << 27;
  EventLog log;
  const std::vector<Event> events = {
      {1, EventKind::record_appended, 0, 0, make_id(3, 9), kOldProducer | 7, 100},
      {2, EventKind::batch_ready, 3, 0, kOldProducer | 7, 0, 0},
      {3, EventKind::request_batch, 3, 0, kOldProducer | 5, kOldProducer | 7, 80},
      {4, EventKind::log_appended, 1, 0, kOldProducer | 5, 12, 1},
  };
  log.append(events);
  std::string bytes = written(log, "old.trace");
  // That version and its kinds; the checksum of the header stands behind the metadata.
  const std::string_view head_of_2("\0\0\0\x02\0\0\0\x5f\xbb\xa4\x96\x91\xf0\xdc\xff\xb7", 16);
  bytes.replace(8, head_of_2.size(), head_of_2);
  const std::size_t head = 28 + static_cast<unsigned char>(bytes[27]);
  const std::uint32_t sum = crc32c(std::as_bytes(std::span(bytes).first(head)));
  for (std::size_t i = 0; i < 4; ++i) bytes[head + i] = static_cast<char>(sum >> (24 - 8 * i));
  const auto read = parse_trace(bytes, "old.trace");
  REQUIRE(read.ok());
  CHECK((*read)->damage.empty());
  const EventLog& found = (*read)->log;
  REQUIRE(found.size() == 4);
  CHECK(found[0].subject == make_id(3, 9));  // records had 64 bits already
  CHECK(batch_beside(found[0].subject, found[0].a) == make_id(3, 7));
  CHECK(found[1].subject == make_id(3, 7));
  CHECK(found[2].subject == make_id(3, 5));
  CHECK(batch_beside(found[2].subject, found[2].a) == make_id(3, 7));
  CHECK(found[3].subject == make_id(3, 5));
  CHECK(found[3].a == 12);
}

TEST_CASE("a full disk is one clear error, and no file with the name of a whole one") {
  if (!std::filesystem::exists("/dev/full")) return;
  const std::string path = (std::filesystem::temp_directory_path() / "sendscope_test_full.trace").string();
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".unfinished");
  std::filesystem::create_symlink("/dev/full", path + ".unfinished");
  EventLog log;
  fill(log, 20'000);
  auto writer = TraceWriter::create(path, "{}");
  REQUIRE(writer.ok());
  Result<void> done = (*writer)->append(log);
  if (done.ok()) done = (*writer)->close(log);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().message.find("No space left on device") != std::string::npos);
  CHECK((*writer)->close(log).error().message == done.error().message);
  CHECK_FALSE(std::filesystem::exists(path));
  std::filesystem::remove(path + ".unfinished");
}

TEST_CASE("100,000 random mutations of a trace never crash, hang or ask for memory without end") {
  EventLog log;
  fill(log, 200);
  const std::string good = written(log, "mutated.trace");
  Prng random(4711);
  std::size_t refused = 0;
  std::size_t damaged = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = good;
    const auto changes = 1 + random.below(4);
    for (std::uint64_t i = 0; i < changes; ++i) {
      const auto where = static_cast<std::size_t>(random.below(bytes.size()));
      switch (random.below(4)) {
        case 0: bytes[where] = static_cast<char>(random.below(256)); break;
        case 1: bytes[where] ^= static_cast<char>(1u << random.below(8)); break;
        case 2: bytes.resize(where + 1); break;
        default: bytes.insert(where, 1 + random.below(8), static_cast<char>(0xff)); break;
      }
    }
    auto trace = parse_trace(bytes, "m");
    if (!trace.ok()) {
      ++refused;
      continue;
    }
    if (!(*trace)->damage.empty()) ++damaged;
    REQUIRE((*trace)->log.size() <= 200);
  }
  CHECK(refused + damaged > 99'000);
  CHECK(damaged > 1'000);
}

}  // namespace
}  // namespace sendscope
