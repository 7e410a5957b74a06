// FNV-1a with 64 bits: a small hash that is the same on every platform, for names and tables. It is no
// checksum and no cipher, and its low bits are better than its high ones: mix the result before drawing from
// it.
#pragma once

#include <cstdint>
#include <string_view>

namespace sendscope {

class Fnv1a {
 public:
  constexpr void text(std::string_view bytes) {
    for (const char c : bytes) number(static_cast<unsigned char>(c));
  }
  // One step, whatever the size of the number: to end a text that another follows, or for a small enum.
  constexpr void number(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3u; }
  constexpr std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace sendscope
