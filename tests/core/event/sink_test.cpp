#include "core/event/sink.h"

#include <set>
#include <string>

#include "tests/support/catch.h"

namespace sendscope {
namespace {

Event numbered(std::uint64_t subject) { return {.kind = EventKind::record_appended, .subject = subject}; }

TEST_CASE("events come out in the order they went in, over several laps of the ring") {
  EventSink sink(8);
  Event out[8];
  for (std::uint64_t lap = 0; lap < 5; ++lap) {
    for (std::uint64_t i = 0; i < 6; ++i) sink.emit(numbered(lap * 6 + i));
    REQUIRE(sink.drain(out) == 6);
    for (std::uint64_t i = 0; i < 6; ++i) CHECK(out[i].subject == lap * 6 + i);
  }
  CHECK(sink.dropped() == 0);
}

TEST_CASE("a full ring drops and counts, and goes on after it is drained") {
  EventSink sink(4);
  for (std::uint64_t i = 0; i < 6; ++i) sink.emit(numbered(i));
  CHECK(sink.dropped() == 2);
  Event out[8];
  CHECK(sink.drain(out) == 4);
  sink.emit(numbered(9));
  REQUIRE(sink.drain(out) == 1);
  CHECK(out[0].subject == 9);
}

TEST_CASE("kinds that nobody wants are not kept") {
  EventSink sink(4);
  sink.set_wanted(EventKind::record_appended, false);
  sink.emit(numbered(1));
  Event out[1];
  CHECK(sink.drain(out) == 0);
  CHECK(sink.dropped() == 0);
  CHECK(sink.wants(EventKind::batch_opened));
}

TEST_CASE("equal strings have one number, and number 0 is the empty string") {
  EventSink sink(4);
  CHECK(sink.intern("") == 0);
  const StringId orders = sink.intern("orders");
  CHECK(sink.intern("orders") == orders);
  CHECK(sink.strings_from(0) == std::vector<std::string>{"", "orders"});
}

TEST_CASE("a partition has one index and is named once") {
  EventSink sink(8);
  CHECK(sink.partition({"orders", 0}, 5) == 0);
  CHECK(sink.partition({"orders", 1}, 6) == 1);
  CHECK(sink.partition({"orders", 0}, 7) == 0);
  Event out[8];
  REQUIRE(sink.drain(out) == 2);
  CHECK(out[1].kind == EventKind::partition_named);
  CHECK(out[1].place == 1);
  CHECK(sink.strings_from(0).at(out[1].a) == "orders");
}

TEST_CASE("every row of the table of kinds is complete") {
  std::set<std::string_view> names;
  for (int i = 0; i < kEventKindCount; ++i) {
    const KindRow& row = kind_row(static_cast<EventKind>(i));
    INFO(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(find_kind(row.name) == static_cast<EventKind>(i));
    CHECK(row.sentence.ends_with('.'));
    for (std::size_t at = row.sentence.find('{'); at != std::string_view::npos;
         at = row.sentence.find('{', at + 1)) {
      const std::string_view field = row.sentence.substr(at + 1, row.sentence.find('}', at) - at - 1);
      CHECK((field == row.actor.name || field == row.place.name || field == row.subject.name ||
             field == row.a.name || field == row.b.name));
    }
  }
}

}  // namespace
}  // namespace sendscope
