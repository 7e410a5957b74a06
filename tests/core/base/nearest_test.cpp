#include "core/base/nearest.h"

#include <string>

#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("a misspelt word gets the nearest right one") {
  constexpr std::string_view kWords[] = {"partition", "producers", "faults", "at", "batch_split"};
  CHECK(nearest_word("partitoin", kWords) == "partition");
  CHECK(nearest_word("Producer", kWords) == "producers");
  CHECK(nearest_word("batchsplit", kWords) == "batch_split");
  CHECK(nearest_word("att", kWords) == "at");
}

TEST_CASE("a word far from all gets no suggestion") {
  constexpr std::string_view kWords[] = {"partition", "producers"};
  CHECK(nearest_word("zebra", kWords).empty());
  CHECK(nearest_word("", kWords).empty());
  CHECK(nearest_word(std::string(100'000, 'p'), kWords).empty());
}
