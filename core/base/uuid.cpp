#include "core/base/uuid.h"

namespace sendscope {

std::string to_string(const Uuid& id) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  // 128 bits in groups of 6; the last group holds 2 of them, followed by zeros.
  for (int bit = 0; bit < 128; bit += 6) {
    unsigned group = 0;
    for (int i = bit; i < bit + 6; ++i) {
      const std::uint64_t half = i < 64 ? id.high : id.low;
      const unsigned one = i < 128 ? half >> (63 - i % 64) & 1 : 0;
      group = group << 1 | one;
    }
    text += kAlphabet[group];
  }
  return text;
}

}  // namespace sendscope
