#include "core/event/event_packing.h"

#include "core/base/prng.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

std::vector<std::byte> packed(const std::vector<Event>& events) {
  std::vector<std::byte> bytes;
  EventPacker packer(bytes);
  for (const Event& event : events) packer.add(event);
  return bytes;
}

// What of the bytes can be read as events.
std::vector<Event> unpacked(Bytes bytes, int kinds = kEventKindCount) {
  EventUnpacker unpacker(bytes, kinds);
  std::vector<Event> events;
  for (Event event; !unpacker.at_end() && unpacker.next(event);) events.push_back(event);
  return events;
}

// Mostly small numbers, as events have; now and then the limits of the field.
std::uint64_t some_number(Prng& random) {
  switch (random.below(8)) {
    case 0: return ~std::uint64_t{0};
    case 1: return std::uint64_t{1} << random.below(64);
    case 2: return 0;
    default: return random.below(1000);
  }
}

Event some_event(Prng& random) {
  return {.t = static_cast<Nanos>(some_number(random) >> 1),
          .kind = static_cast<EventKind>(random.below(kEventKindCount)),
          .actor = static_cast<std::uint16_t>(some_number(random)),
          .place = static_cast<std::uint32_t>(some_number(random)),
          .subject = some_number(random),
          .a = static_cast<std::uint32_t>(some_number(random)),
          .b = static_cast<std::uint32_t>(some_number(random))};
}

}  // namespace

TEST_CASE("packed events come back as they were, whatever their fields hold") {
  Prng random(7);
  std::vector<Event> events;
  for (int i = 0; i < 20'000; ++i) events.push_back(some_event(random));
  const std::vector<std::byte> bytes = packed(events);
  CHECK(unpacked(bytes) == events);
}

TEST_CASE("the events of a record take a third of their size at most") {
  std::vector<Event> events;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const auto t = static_cast<Nanos>(i) * 50'000;
    events.push_back({t, EventKind::send_called, 0, kNoPlace, i, 1, 100});
    events.push_back({t + 900, EventKind::record_appended, 0, i % 12, i, i / 40, 61 + i % 40 * 110});
    events.push_back({t + 1800, EventKind::record_completed, 0, i % 12, i, 0, i / 12});
  }
  CHECK(packed(events).size() < events.size() * sizeof(Event) / 3);
}

TEST_CASE(
    "what is no event is noticed: a kind nobody knows, a time before the run, a field too large, a cut") {
  const Event last{.kind = EventKind::run_ended};
  CHECK(unpacked(packed({last}), static_cast<int>(EventKind::run_ended)).empty());
  CHECK(unpacked(packed({Event{.t = -1}})).empty());
  const auto bytes_of = [](std::initializer_list<int> values) {
    std::vector<std::byte> bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
  };
  CHECK(unpacked(bytes_of({0, 0, 0})).size() == 1);
  CHECK(unpacked(bytes_of({0, 32, 0})).empty());     // a field that there is not
  CHECK(unpacked(bytes_of({0, 1, 0, 2})).empty());   // actor 65,536
  CHECK(unpacked(bytes_of({0, 8, 0, 1})).empty());   // a = -1
  CHECK(unpacked(bytes_of({0, 24, 0, 2})).empty());  // b is missing
  Prng random(8);
  for (int round = 0; round < 1000; ++round) {
    const std::vector<std::byte> bytes = packed({some_event(random), some_event(random)});
    const std::size_t cut = random.below(bytes.size());
    CHECK(unpacked(Bytes(bytes).first(cut)).size() < 2);
  }
}

TEST_CASE("100,000 bodies of random bytes are read as events of known kinds, as far as they are") {
  Prng random(9);
  for (int round = 0; round < 100'000; ++round) {
    std::vector<std::byte> bytes(random.below(60));
    for (std::byte& byte : bytes)
      byte = static_cast<std::byte>(random.below(random.below(2) == 0 ? 256 : 40));
    for (const Event& event : unpacked(bytes)) {
      REQUIRE(static_cast<int>(event.kind) < kEventKindCount);
      REQUIRE(event.t >= 0);
    }
  }
}

}  // namespace sendscope
