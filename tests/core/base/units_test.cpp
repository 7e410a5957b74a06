#include "core/base/units.h"

#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("durations are exact numbers of nanoseconds") {
  CHECK(parse_duration("250us").value() == 250'000);
  CHECK(parse_duration("5ms").value() == 5'000'000);
  CHECK(parse_duration("1.5s").value() == 1'500'000'000);
  CHECK(parse_duration("2m").value() == 120 * kNanosPerSecond);
  CHECK(parse_duration("1h").value() == 3600 * kNanosPerSecond);
  CHECK(parse_duration("0ms").value() == 0);
  CHECK(parse_duration("0.000000001s").value() == 1);
}

TEST_CASE("a time is written exactly, in the largest unit that is whole") {
  CHECK(duration_text(0) == "0s");
  CHECK(duration_text(90 * kNanosPerSecond) == "90s");
  CHECK(duration_text(1'500'000) == "1500us");
  CHECK(duration_text(1'500'001) == "1500001ns");
}

TEST_CASE("sizes know decimal and binary units") {
  CHECK(parse_size("100B").value() == 100);
  CHECK(parse_size("16KiB").value() == 16384);
  CHECK(parse_size("1.25KiB").value() == 1280);
  CHECK(parse_size("1MB").value() == 1'000'000);
}

TEST_CASE("what is not a duration or a size is refused, with an example of what would be") {
  for (const char* text : {"", "5", "ms", "5 ms", "-5ms", "5parsecs", "1.2.3s", ".5s", "5.s", "0.1ns",
                           "16KiB", "9223372036854775808ns", "99999999999h"}) {
    INFO(text);
    REQUIRE_FALSE(parse_duration(text).ok());
    CHECK(parse_duration(text).error().message.find("such as \"5ms\"") != std::string::npos);
  }
  CHECK_FALSE(parse_size("5ms").ok());
  CHECK_FALSE(parse_size("0.3B").ok());
}

TEST_CASE("the unit of a literal tells what it measures") {
  CHECK(unit_kind(unit_suffix("5ms")) == UnitKind::kDuration);
  CHECK(unit_kind(unit_suffix("16KiB")) == UnitKind::kSize);
  CHECK(unit_kind(unit_suffix("16")) == UnitKind::kNone);
}
