#include "core/base/bytes.h"

#include "core/base/hex.h"
#include "core/base/varint.h"
#include "tests/support/catch.h"

using namespace sendscope;

namespace {

template <typename Write>
std::string written(Write write) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  write(writer);
  return to_hex(out);
}

std::string varint_hex(std::int32_t v) {
  return written([&](ByteWriter& w) { w.varint(v); });
}
std::string unsigned_hex(std::uint32_t v) {
  return written([&](ByteWriter& w) { w.unsigned_varint(v); });
}

std::vector<std::byte> bytes_of(std::string_view hex) { return from_hex(hex).value(); }

}  // namespace

TEST_CASE("zig-zag varints match Kafka's") {
  CHECK(varint_hex(0) == "00");
  CHECK(varint_hex(-1) == "01");
  CHECK(varint_hex(1) == "02");
  CHECK(varint_hex(63) == "7e");
  CHECK(varint_hex(-64) == "7f");
  CHECK(varint_hex(64) == "8001");
  CHECK(varint_hex(-65) == "8101");
  CHECK(varint_hex(8191) == "fe7f");
  CHECK(varint_hex(INT32_MAX) == "feffffff0f");
  CHECK(varint_hex(INT32_MIN) == "ffffffff0f");
}

TEST_CASE("unsigned varints match Kafka's") {
  CHECK(unsigned_hex(64) == "40");
  CHECK(unsigned_hex(8191) == "ff3f");
  CHECK(unsigned_hex(INT32_MAX) == "ffffffff07");
  CHECK(unsigned_hex(0xffffffff) == "ffffffff0f");
}

TEST_CASE("varints and varlongs come back, with the size foretold") {
  std::vector<std::int64_t> values = {0, INT64_MAX, INT64_MIN};
  for (int shift = 0; shift < 63; ++shift) {
    const std::int64_t v = std::int64_t{1} << shift;
    values.insert(values.end(), {v, -v, v - 1, 1 - v});
  }
  for (const std::int64_t v : values) {
    std::vector<std::byte> out;
    ByteWriter(out).varlong(v);
    CHECK(out.size() == static_cast<std::size_t>(varlong_size(v)));
    ByteReader in(out);
    CHECK(in.varlong() == v);
    CHECK(in.at_end());
    const auto narrow = static_cast<std::int32_t>(v);
    out.clear();
    ByteWriter(out).varint(narrow);
    CHECK(out.size() == static_cast<std::size_t>(varint_size(narrow)));
    ByteReader again(out);
    CHECK(again.varint() == narrow);
    CHECK(again.ok());
  }
}

TEST_CASE("integers are written most significant byte first and read back") {
  std::vector<std::byte> out;
  ByteWriter w(out);
  w.i8(-2);
  w.i16(0x0102);
  w.i32(-3);
  w.i64(0x0102030405060708);
  w.uuid({0x1111111111111111, 0x2222222222222222});
  w.text("hi");
  CHECK(to_hex(out) ==
        "fe0102fffffffd0102030405060708"
        "11111111111111112222222222222222"
        "6869");
  ByteReader in(out);
  CHECK(in.i8() == -2);
  CHECK(in.i16() == 0x0102);
  CHECK(in.i32() == -3);
  CHECK(in.i64() == 0x0102030405060708);
  CHECK(in.uuid() == Uuid{0x1111111111111111, 0x2222222222222222});
  CHECK(in.text(2) == "hi");
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE("a reader fails once, for good, and says where") {
  const auto bytes = bytes_of("000102");
  ByteReader in(bytes);
  CHECK(in.i16() == 1);
  CHECK(in.i32() == 0);
  CHECK_FALSE(in.ok());
  CHECK(in.i8() == 0);
  CHECK(in.raw(1).empty());
  CHECK(in.error().code == ErrorCode::kOutOfRange);
  CHECK(in.error().message == "byte 2 of 3: the bytes end too early");
}

TEST_CASE("varints that do not end are refused") {
  const auto five = bytes_of("ffffffffff0f");
  ByteReader in(five);
  CHECK(in.unsigned_varint() == 0);
  CHECK(in.error().message == "byte 5 of 6: a varint has more than 5 bytes");
  const auto ten = bytes_of("ffffffffffffffffffffff01");
  ByteReader longer(ten);
  CHECK(longer.varlong() == 0);
  CHECK_FALSE(longer.ok());
}

TEST_CASE("external bytes stay where they are, or are copied when nobody keeps a list") {
  const auto foreign = bytes_of("aabb");
  std::vector<std::byte> out;
  std::vector<ExternalBytes> externals;
  ByteWriter w(out, &externals);
  w.i8(1);
  w.external(foreign);
  w.i8(2);
  CHECK(to_hex(out) == "0102");
  CHECK(w.size() == 4);
  REQUIRE(externals.size() == 1);
  CHECK(externals[0].position == 1);
  CHECK(externals[0].bytes.data() == foreign.data());
  CHECK(written([&](ByteWriter& plain) { plain.external(foreign); }) == "aabb");
}

TEST_CASE("hexadecimal text and ids") {
  CHECK(to_hex(bytes_of("00ff1A")) == "00ff1a");
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
  CHECK(to_string(Uuid{}) == "AAAAAAAAAAAAAAAAAAAAAA");
  CHECK(to_string(Uuid{0, 1}) == "AAAAAAAAAAAAAAAAAAAAAQ");
  CHECK(to_string(Uuid{0xffffffffffffffff, 0xffffffffffffffff}) == "_____________________w");
}
