#include "core/base/random_source.h"

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("draws of several threads are the draws of one seed, each given out once") {
  constexpr std::size_t kThreads = 3;
  constexpr std::size_t kDraws = 5'000;
  PrngRandomSource shared(7);
  std::array<std::vector<std::int32_t>, kThreads> drawn;
  std::array<std::thread, kThreads> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads[i] = std::thread([&shared, &mine = drawn[i]] {
      for (std::size_t n = 0; n < kDraws; ++n) mine.push_back(shared.next_partition_draw());
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::vector<std::int32_t> all;
  for (const auto& some : drawn) all.insert(all.end(), some.begin(), some.end());
  PrngRandomSource alone(7);
  std::vector<std::int32_t> expected;
  for (std::size_t n = 0; n < kThreads * kDraws; ++n) expected.push_back(alone.next_partition_draw());
  std::sort(all.begin(), all.end());
  std::sort(expected.begin(), expected.end());
  CHECK(all == expected);
}
