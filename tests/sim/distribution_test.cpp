#include "sim/distribution.h"

#include <algorithm>
#include <vector>

#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

std::vector<std::int64_t> sorted_draws(const Distribution& distribution, std::size_t count = 20'000) {
  Prng prng(42, 3);
  std::vector<std::int64_t> draws;
  for (std::size_t i = 0; i < count; ++i) draws.push_back(distribution.draw(prng));
  std::sort(draws.begin(), draws.end());
  return draws;
}

}  // namespace

TEST_CASE("a constant draws nothing from the generator") {
  Prng prng(1);
  const std::uint64_t before = prng.state();
  CHECK(Distribution::constant(7).draw(prng) == 7);
  CHECK(prng.state() == before);
}

TEST_CASE("uniform draws stay within their bounds and reach both") {
  const auto draws = sorted_draws(Distribution::uniform(5, 9));
  CHECK(draws.front() == 5);
  CHECK(draws.back() == 9);
  Prng prng(1);
  CHECK(Distribution::uniform(3, 3).draw(prng) == 3);
}

TEST_CASE("exponential draws have the mean and the median of the law") {
  const auto draws = sorted_draws(Distribution::exponential(1'000'000));
  std::int64_t sum = 0;
  for (const std::int64_t draw : draws) sum += draw;
  CHECK(std::abs(sum / static_cast<std::int64_t>(draws.size()) - 1'000'000) < 20'000);
  CHECK(std::abs(draws[draws.size() / 2] - 693'147) < 20'000);  // ln 2 of the mean
  CHECK(draws.front() >= 0);
}

TEST_CASE("lognormal draws have the median and the 99th percentile asked for") {
  const auto draws = sorted_draws(Distribution::lognormal(1'000'000, 20'000'000), 50'000);
  CHECK(std::abs(draws[draws.size() / 2] - 1'000'000) < 40'000);
  CHECK(std::abs(draws[draws.size() * 99 / 100] - 20'000'000) < 2'000'000);
  CHECK(draws.front() > 0);
}

TEST_CASE("the same seed draws the same numbers, known ones") {
  Prng prng(1, 1);
  CHECK(Distribution::exponential(1'000'000).draw(prng) == 239'338);
  CHECK(Distribution::lognormal(1'000'000, 5'000'000).draw(prng) == 2'198'186);
}

}  // namespace sendscope::sim
