// Java's String.hashCode, by which Kafka finds the coordinator of a name and orders what it keeps in hash
// sets.
#pragma once

#include <cstdint>
#include <string_view>

namespace sendscope {

// The 32 bits of Java's int. Of a text in ASCII: Java counts in UTF-16 units, this in bytes.
inline std::uint32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) hash = 31 * hash + static_cast<unsigned char>(c);
  return hash;
}

}  // namespace sendscope
