// Randomness by thing. Whatever draws (a direction of a link, a connection's requests, a fault, a thread) has
// a stream of its own, keyed by the seed and the thing's name, never by the order in which things come about.
// In a stream the n-th message draws by its place: neither what others draw, nor how many draws the messages
// before it took, moves what it gets.
//
// Invariant: two streams of one seed whose names differ in any word are independent; ("ab", "c") and
// ("a", "bc") differ. Integers only: the same on every platform.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/base/prng.h"

namespace sendscope::sim {

class RandomStream {
 public:
  // `name`: what kind of thing it is, then what tells it from others of its kind.
  RandomStream(std::uint64_t seed, std::initializer_list<std::string_view> name);

  // The generator of the message at a place. The same however often it is asked for.
  Prng at(std::uint64_t place) const { return Prng(key_at(place), key_); }
  // Of the message behind the last one that next() gave a generator.
  Prng next() { return at(next_place_++); }
  // Names the message at a place among those of all streams of the run: a place in the streams of faults.
  std::uint64_t key_at(std::uint64_t place) const;
  // For a thing whose draws follow one another without messages.
  Prng sequence() const { return at(0); }

 private:
  std::uint64_t key_;
  std::uint64_t next_place_ = 0;
};

}  // namespace sendscope::sim
