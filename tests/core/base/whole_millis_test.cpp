#include "core/base/whole_millis.h"

#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("a wait of whole milliseconds that ran out is seen to have lasted longer than they") {
  for (const Nanos start : {Nanos{0}, Nanos{1}, Nanos{400'000}, Nanos{999'999}, Nanos{1'000'000}}) {
    for (const Millis wait : {1, 5, 5000}) {
      const Nanos end = next_whole_milli(start + to_nanos(wait));
      CHECK(to_millis(end) - to_millis(start) > wait);
      CHECK(end - start <= to_nanos(wait + 1));
    }
  }
  CHECK(next_whole_milli(kForever) == kForever);
  CHECK(next_whole_milli(kForever - 1) == kForever);
}
