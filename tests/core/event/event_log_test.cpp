#include "core/event/event_log.h"

#include "tests/support/catch.h"

namespace sendscope {
namespace {

Event at(Nanos t, std::uint64_t subject = 0) {
  return {.t = t, .kind = EventKind::run_started, .subject = subject};
}

TEST_CASE("the log keeps events in order over many chunks, and finds moments") {
  EventLog log;
  for (std::uint64_t i = 0; i < 50'000; ++i) log.append(at(static_cast<Nanos>(i / 2) * 10, i));
  REQUIRE(log.size() == 50'000);
  CHECK(log[49'999].subject == 49'999);
  CHECK(log.end_time() == 24'999 * 10);
  CHECK(log.count_until(0) == 2);
  CHECK(log.count_before(0) == 0);
  CHECK(log.count_until(9) == 2);
  CHECK(log.count_until(10) == 4);
  CHECK(log.count_before(10) == 2);
  CHECK(log.count_until(kForever) == 50'000);
  CHECK(log.count_until(-1) == 0);
}

TEST_CASE("time in the log never goes back") {
  EventLog log;
  log.append(at(100));
  log.append(at(90));
  log.append(at(101));
  CHECK(log[1].t == 100);
  CHECK(log[2].t == 101);
}

TEST_CASE("draining a sink brings its strings along, and names") {
  EventSink sink(8);
  const StringId p1 = sink.intern("p1");
  sink.emit({.kind = EventKind::producer_created, .actor = 0, .a = p1});
  sink.partition({"orders", 3}, 7);
  sink.emit({.kind = EventKind::thread_named, .actor = 1, .place = 0, .a = sink.intern("app-1")});
  EventLog log;
  CHECK(log.drain(sink) == 3);
  CHECK(log.drain(sink) == 0);
  CHECK(log.strings().view(p1) == "p1");
  CHECK(log.strings().view(99).empty());
  REQUIRE(log.names().partitions.size() == 1);
  CHECK(log.strings().view(log.names().partitions[0].topic) == "orders");
  CHECK(log.names().partitions[0].number == 3);
  REQUIRE(log.names().threads.size() == 2);
  CHECK(log.strings().view(log.names().threads[1]) == "app-1");
  CHECK(log.names().producers == std::vector<StringId>{p1});
}

TEST_CASE("what a full sink has dropped is told in its place, once") {
  EventSink sink(4);
  for (int i = 0; i < 7; ++i) sink.emit({.t = i, .kind = EventKind::latch_released});
  EventLog log;
  CHECK(log.drain(sink) == 5);
  REQUIRE(log.size() == 5);
  CHECK(log[4].kind == EventKind::events_lost);
  CHECK(log[4].subject == 3);
  CHECK(log[4].t == 3);
  sink.emit({.t = 9, .kind = EventKind::latch_released});
  CHECK(log.drain(sink) == 1);
  CHECK(log[5].t == 9);
}

TEST_CASE("a log that may forget holds no more than a chunk or two, and numbers go on") {
  EventLog log;
  std::size_t most = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    log.append(at(static_cast<Nanos>(i), i));
    if (i % 1000 != 0) continue;
    log.forget_before(log.size());
    most = std::max(most, log.size() - log.first());
  }
  CHECK(most <= 2 * 16'384);
  REQUIRE(log.size() == 200'000);
  CHECK(log.first() > 150'000);
  CHECK(log[log.first()].subject == log.first());
  CHECK(log.back().subject == 199'999);
  CHECK(log.count_until(199'990) == 199'991);
  CHECK(log.count_until(5) == log.first());
  log.forget_before(10);  // long forgotten
  log.forget_before(1'000'000);
  CHECK(log.back().subject == 199'999);
}

TEST_CASE("names with indices beyond all reason are ignored") {
  NameBook names;
  names.apply({.kind = EventKind::partition_named, .place = 0x7fffffff, .a = 1});
  names.apply({.kind = EventKind::producer_created, .actor = 0xfffe, .a = 1});
  CHECK(names.partitions.empty());
  CHECK(names.producers.empty());
}

}  // namespace
}  // namespace sendscope
