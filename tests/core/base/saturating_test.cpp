#include "core/base/saturating.h"

#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("a sum beyond the range is the end of the range") {
  CHECK(saturating_sum(2, 3) == 5);
  CHECK(saturating_sum(-2, INT64_MAX) == INT64_MAX - 2);
  CHECK(saturating_sum(1, INT64_MAX) == INT64_MAX);
  CHECK(saturating_sum(INT64_MIN, -1) == INT64_MIN);
}
