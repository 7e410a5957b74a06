// Kafka's 128-bit ids, of topics for example. All zero means "none".
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace sendscope {

struct Uuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool is_zero() const { return high == 0 && low == 0; }
  auto operator<=>(const Uuid&) const = default;
};

// Kafka's text form: 22 characters of URL-safe base64.
std::string to_string(const Uuid& id);

}  // namespace sendscope
