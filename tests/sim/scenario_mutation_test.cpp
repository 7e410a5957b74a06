// Bytes from outside never crash the loader, hang it or make it ask for memory without bound.
#include "core/base/prng.h"
#include "sim/scenario_loader.h"
#include "tests/sim/sample_scenario.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::sim;
using namespace sendscope::testing;

namespace {

// Pieces that a text of this kind trips over more often than over random bytes.
constexpr const char* kPieces[] = {"{",
                                   "}",
                                   "[",
                                   "]",
                                   "\"",
                                   ",",
                                   ":",
                                   "//",
                                   "/*",
                                   "-1",
                                   "1e99",
                                   "null",
                                   "true",
                                   "{i}",
                                   "\\u0000",
                                   "\xff",
                                   "99999999999999999999",
                                   "0.1",
                                   "\"5ms\"",
                                   "{}",
                                   "\"orders-0\""};

void mutate(std::string& text, Prng& prng) {
  const std::size_t at = prng.below(text.size());
  switch (prng.below(5)) {
    case 0: text[at] = static_cast<char>(prng.below(256)); break;
    case 1: text.erase(at, 1 + prng.below(20)); break;
    case 2: text.insert(at, kPieces[prng.below(std::size(kPieces))]); break;
    case 3: text.insert(at, text.substr(prng.below(text.size()), prng.below(60))); break;
    default: text.resize(at);
  }
}

}  // namespace

TEST_CASE("a hundred thousand random mutations are loaded or refused with a place") {
  Prng prng(20260101);
  std::size_t refused = 0, loaded = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = kSampleScenario;
    for (std::uint64_t n = 1 + prng.below(3); n > 0 && !text.empty(); --n) mutate(text, prng);
    const ScenarioLoad load = load_scenario_text(text, "m.json");
    if (load.loaded) {
      ++loaded;
    } else {
      ++refused;
      if (load.problems.empty() || load.problems[0].line < 1) FAIL("refused without a place: " << text);
    }
  }
  CHECK(loaded + refused == 100'000);
  CHECK(refused > 50'000);
  CHECK(loaded > 1'000);
}
