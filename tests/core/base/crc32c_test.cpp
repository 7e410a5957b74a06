#include "core/base/crc32c.h"

#include "core/base/hex.h"
#include "core/base/prng.h"
#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("CRC-32C of known texts") {
  CHECK(crc32c(as_bytes("Some String")) == 608512271);
  CHECK(crc32c(as_bytes("123456789")) == 0xe3069283);
  CHECK(crc32c({}) == 0);
  CHECK(crc32c_portable(as_bytes("Some String")) == 608512271);
}

TEST_CASE("instruction and table agree, in one go and in parts") {
  Prng prng(7);
  std::vector<std::byte> bytes(20'000);
  for (std::byte& b : bytes) b = static_cast<std::byte>(prng.next_u32());
  const Bytes all(bytes);
  for (const std::size_t size : {0, 1, 7, 8, 9, 63, 1000, 3071, 3072, 3073, 6144, 10'000, 20'000}) {
    const Bytes part = all.first(size);
    CHECK(crc32c(part) == crc32c_portable(part));
    const std::size_t cut = prng.below(size + 1);
    CHECK(crc32c(part.subspan(cut), crc32c(part.first(cut))) == crc32c(part));
  }
}
