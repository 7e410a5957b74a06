#include "sim/random_stream.h"

#include "core/base/fnv1a.h"

namespace sendscope::sim {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): every bit of the result depends on every bit of x.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

// Behind each word stands its length: so one can tell from the end where the words part.
RandomStream::RandomStream(std::uint64_t seed, std::initializer_list<std::string_view> name) {
  Fnv1a hash;
  for (const std::string_view word : name) {
    hash.text(word);
    hash.number(word.size());
  }
  key_ = scatter(hash.value() ^ scatter(seed));
}

std::uint64_t RandomStream::key_at(std::uint64_t place) const { return scatter(key_ ^ scatter(place)); }

}  // namespace sendscope::sim
