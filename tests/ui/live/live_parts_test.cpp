#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "tests/support/catch.h"
#include "ui/live/delimiter.h"
#include "ui/live/latency_histogram.h"
#include "ui/live/line_reader.h"
#include "ui/live/live_statistics.h"
#include "ui/live/live_target.h"
#include "ui/live/load_generator.h"
#include "ui/live/record_slots.h"

using namespace sendscope;
using namespace sendscope::ui;

TEST_CASE("quantiles are at most a little too high, from nanoseconds to hours") {
  LatencyHistogram empty;
  CHECK(empty.quantile(0.5) == 0);
  for (const Nanos unit : {Nanos{1}, Nanos{1000}, kNanosPerMilli, 3600 * kNanosPerSecond}) {
    LatencyHistogram histogram;
    for (Nanos i = 1; i <= 1000; ++i) histogram.add(i * unit);
    for (const int share : {10, 500, 990, 1000}) {
      const Nanos exact = share * unit;
      const Nanos found = histogram.quantile(share / 1000.0);
      CHECK(found >= exact);
      CHECK(found <= exact + exact / 30 + 1);
    }
    CHECK(histogram.largest() == 1000 * unit);
    CHECK(histogram.quantile(1.0) == histogram.largest());
  }
}

TEST_CASE("the summary counts what was stored and what failed, by class; its rates are those of the stored") {
  LiveStatistics statistics;
  const Error timeout(ErrorCode::kTimeout, "too late");
  for (int i = 0; i < 3; ++i) statistics.count_sent();
  statistics.acknowledged({}, 2 * kNanosPerMilli, 100);
  statistics.acknowledged({{}, &timeout}, kNanosPerMilli, 100);
  statistics.failed(Error(ErrorCode::kRecordTooLarge, "too large"));
  CHECK(statistics.summary(2 * kNanosPerSecond) ==
        "3 records in 2 s; stored: 0.5 records/s, 50 B/s\n"
        "1 stored, 2 failed\n"
        "  RecordTooLargeException: 1\n"
        "  TimeoutException: 1\n"
        "  first: too late\n"
        "latency p50 2 ms, p99 2 ms, max 2 ms\n");
}

TEST_CASE("what fails after the end is given up, and is not counted as failed") {
  LiveStatistics statistics;
  const Error closed(ErrorCode::kKafkaException, "closed");
  for (int i = 0; i < 4; ++i) statistics.count_sent();
  statistics.acknowledged({}, kNanosPerMilli, 1);
  statistics.failed(closed);
  statistics.give_up();
  statistics.acknowledged({{}, &closed}, kNanosPerMilli, 1);  // the fourth is never heard of
  CHECK(statistics.failed() == 1);
  CHECK(statistics.summary(kNanosPerSecond).find("1 stored, 1 failed, 2 given up\n") != std::string::npos);
}

TEST_CASE("a plan's numbers are sent once each, and every key by one thread in rising order") {
  for (const std::uint32_t threads : {1u, 2u, 3u, 7u}) {
    for (const std::uint64_t keys : {0u, 1u, 5u, 7u, 100u}) {
      LoadPlan plan;
      plan.threads = threads;
      plan.keys = keys;
      plan.count = 1000;
      std::set<std::uint64_t> numbers;
      std::map<std::uint64_t, std::set<std::uint32_t>> owners;
      for (std::uint32_t thread = 0; thread < threads; ++thread) {
        std::map<std::uint64_t, std::uint64_t> last;
        for (std::uint64_t i = 0; i < share_of(plan, thread); ++i) {
          const PlannedRecord record = planned_record(plan, thread, i);
          REQUIRE(numbers.insert(record.number).second);
          REQUIRE(record.key < std::max<std::uint64_t>(keys, 1));
          REQUIRE(record.number >= last[record.key]);
          last[record.key] = record.number;
          owners[record.key].insert(thread);
        }
      }
      CHECK(numbers.size() == plan.count);
      CHECK(*numbers.rbegin() == plan.count - 1);
      if (keys < threads) continue;
      CHECK(owners.size() == keys);
      for (const auto& [key, who] : owners) CHECK(who.size() == 1);
    }
  }
}

TEST_CASE("slots are used again once their callbacks have run") {
  LiveStatistics statistics;
  const live::Clock clock;
  RecordSlots slots(statistics, clock);
  std::set<void*> contexts;
  for (int round = 0; round < 50; ++round) {
    std::vector<Delivery> taken;
    for (int i = 0; i < 1500; ++i) taken.push_back(slots.take(3));
    for (const Delivery& delivery : taken) {
      contexts.insert(delivery.context);
      delivery.fn(delivery.context, {});
    }
  }
  CHECK(contexts.size() <= 2048 + 1024);
  CHECK(statistics.stored() == 50 * 1500);
  CHECK(statistics.bytes() == 50 * 1500 * 3);
}

namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t piece) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  LineReader reader(ends[0], [] { return false; });
  std::vector<std::string> lines;
  std::string_view line;
  // Small texts fit the pipe; the pieces only matter for where the buffer ends.
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string_view part = std::string_view(text).substr(at, piece);
    REQUIRE(write(ends[1], part.data(), part.size()) == static_cast<ssize_t>(part.size()));
  }
  close(ends[1]);
  while (reader.next(line)) lines.emplace_back(line);
  CHECK(reader.error().empty());
  close(ends[0]);
  return lines;
}

}  // namespace

TEST_CASE("lines: empty ones, long ones, a last one without end") {
  const std::string longest(30'000, 'x');
  const std::vector<std::string> expected = {"a", "", "b:c", longest, "end"};
  CHECK(lines_of("a\n\nb:c\n" + longest + "\nend", 1000) == expected);
  CHECK(lines_of("a\n", 1) == std::vector<std::string>{"a"});
  CHECK(lines_of("", 1).empty());
}

TEST_CASE("waiting for a line ends when it is asked to, and a broken input is told") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  int asked = 0;
  LineReader reader(ends[0], [&asked] { return ++asked == 2; });
  std::string_view line;
  CHECK_FALSE(reader.next(line));
  CHECK(asked == 2);
  close(ends[0]);
  close(ends[1]);
  const int folder = open(".", O_RDONLY);
  LineReader broken(folder, [] { return false; });
  CHECK_FALSE(broken.next(line));
  CHECK(broken.error() == "Is a directory");
  close(folder);
}

TEST_CASE("a reader that is stopped in the middle of its input says how much is left") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  bool stop = false;
  LineReader reader(ends[0], [&stop] { return stop; });
  REQUIRE(write(ends[1], "one\ntwo\nthr", 11) == 11);
  std::string_view line;
  REQUIRE(reader.next(line));
  CHECK(reader.rest() == "at least 7 bytes of the input were not read");
  REQUIRE(reader.next(line));
  REQUIRE(write(ends[1], "ee\n", 3) == 3);
  stop = true;
  CHECK_FALSE(reader.next(line));  // although there is more
  CHECK(reader.count() == 2);
  CHECK(reader.rest() == "at least 6 bytes of the input were not read");
  close(ends[0]);
  close(ends[1]);
  std::FILE* file = std::tmpfile();
  std::fputs("one\ntwo\n", file);
  std::rewind(file);
  LineReader of_file(fileno(file), [] { return false; });
  CHECK(of_file.rest() == "8 bytes of the input were not read");
  REQUIRE(of_file.next(line));
  CHECK(of_file.rest() == "4 bytes of the input were not read");
  REQUIRE(of_file.next(line));
  CHECK(of_file.rest().empty());
  std::fclose(file);
}

TEST_CASE("delimiters have the escapes of kcat, and no others") {
  const std::pair<const char*, std::string> kRight[] = {
      {"", ""},          {":", ":"},           {"\\t", "\t"},
      {"a\\tb", "a\tb"}, {"\\n", "\n"},        {"\\r", "\r"},
      {"\\\\", "\\"},    {"\\x3a\\x3A", "::"}, {"\\x00", std::string(1, '\0')},
      {"||", "||"}};
  for (const auto& [text, bytes] : kRight) {
    INFO(text);
    const Result<std::string> read = read_delimiter(text);
    REQUIRE(read);
    CHECK(*read == bytes);
  }
  for (const char* wrong : {"\\", "a\\", "\\q", "\\x", "\\x3", "\\xg0", "\\x 1", "\\x-1", "\\T"}) {
    INFO(wrong);
    const Result<std::string> read = read_delimiter(wrong);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.find(wrong) != std::string::npos);
  }
}

TEST_CASE("of a repeated key the last is taken, which is told; addresses are given once") {
  LiveTarget target;
  target.bootstrap = "127.0.0.1:9092";
  target.config = {"linger.ms=20", "acks=1", "linger.ms=30", "linger.ms=40"};
  std::vector<std::string> warnings;
  const Result<ProducerConfig> config = make_producer_config(target, warnings);
  REQUIRE(config);
  CHECK(config->linger_ms == 40);
  CHECK(std::count(warnings.begin(), warnings.end(),
                   "-X linger.ms is given more than once; the last one is taken") == 1);
  target.config = {"bootstrap.servers=127.0.0.1:9093"};
  const Result<ProducerConfig> twice = make_producer_config(target, warnings);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message.find("--bootstrap and -X bootstrap.servers both") == 0);
}

TEST_CASE("options of the producer are Kafka's keys; what is wrong is named") {
  LiveTarget target;
  target.bootstrap = "127.0.0.1:9092";
  target.config = {"linger.ms=20", "acks=1"};
  std::vector<std::string> warnings;
  Result<ProducerConfig> config = make_producer_config(target, warnings);
  REQUIRE(config);
  CHECK(config->linger_ms == 20);
  CHECK(config->client_id == "sendscope");
  CHECK(config->bootstrap_servers == std::vector<std::string>{"127.0.0.1:9092"});
  target.config = {"linger"};
  CHECK(make_producer_config(target, warnings).error().message ==
        "--config: found \"linger\"; expected KEY=VALUE, such as linger.ms=20");
  target.config = {"batch.size=-5"};
  const Result<ProducerConfig> refused = make_producer_config(target, warnings);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("batch.size") != std::string::npos);
}
