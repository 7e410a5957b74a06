#include "core/wire/frame.h"

#include "core/base/hex.h"
#include "core/wire/api_versions.h"
#include "core/wire/produce.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

TEST_CASE("a produce request carries its batches as foreign memory") {
  const std::vector<std::byte> first(100, std::byte{1});
  const std::vector<std::byte> second(200, std::byte{2});
  ProduceRequest request;
  request.topics = {{"t", {}, {{0, Bytes(first)}, {1, Bytes(second)}, {2, std::nullopt}}}};
  for (const std::int16_t version : {3, 9, 13}) {
    const Frame frame = Frame::request(request, version, 77, "me");
    const std::vector<Bytes> slices = frame.slices();
    REQUIRE(slices.size() == 5);
    CHECK(slices[1].data() == first.data());
    CHECK(slices[3].data() == second.data());
    const std::vector<std::byte> all = frame.flatten();
    CHECK(all.size() == frame.size());
    CHECK(load_big_endian<std::int32_t>(all.data()) == static_cast<std::int32_t>(all.size()) - 4);

    ByteReader in(Bytes(all).subspan(4));
    const Result<RequestHeader> header = RequestHeader::decode(in);
    REQUIRE(header);
    CHECK(header->correlation_id == 77);
    CHECK(header->client_id == "me");
    const Result<ProduceRequest> read = ProduceRequest::decode(in, version);
    REQUIRE(read);
    CHECK(read->topics[0].partitions[1].records->size() == 200);
    CHECK_FALSE(read->topics[0].partitions[2].records.has_value());
  }
}

TEST_CASE("headers: a client id may be null, unknown apis are still read") {
  const auto bytes = from_hex(
                         "7fff0009000000050002"
                         "6162"
                         "ffff")
                         .value();
  ByteReader in(bytes);
  const Result<RequestHeader> header = RequestHeader::decode(in);
  REQUIRE(header);
  CHECK(header->api_key == 0x7fff);
  CHECK(header->client_id == "ab");
  CHECK(in.remaining() == 2);
  const Frame frame = Frame::request(ApiVersionsRequest{"n", "1"}, 4, 1, std::nullopt);
  CHECK(to_hex(frame.flatten()) ==
        "0000001000120004"
        "00000001"
        "ffff"
        "00"
        "026e"
        "0231"
        "00");
}

TEST_CASE("the answer to ApiVersions has the oldest header in every version") {
  for (const std::int16_t version : {0, 3, 4}) {
    const std::vector<std::byte> all = Frame::response(ApiVersionsResponse{}, version, 9).flatten();
    CHECK(to_hex(Bytes(all).subspan(4, 6)) == "000000090000");
  }
}

TEST_CASE("a stream is cut into frames wherever its pieces end") {
  const auto stream = from_hex(
                          "00000003aabbcc"
                          "00000000"
                          "0000000211"
                          "22")
                          .value();
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameAssembler assembler;
    std::vector<std::string> frames;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      assembler.append(Bytes(stream).subspan(at, std::min(piece, stream.size() - at)));
      for (;;) {
        const Result<std::optional<Bytes>> next = assembler.next();
        REQUIRE(next);
        if (!next->has_value()) break;
        frames.push_back(to_hex(**next));
      }
    }
    CHECK(frames == std::vector<std::string>{"aabbcc", "", "1122"});
    CHECK(assembler.pending() == 0);
  }
}

TEST_CASE("frames with a negative length or above the limit are refused") {
  for (const char* length : {"ffffffff", "00000065", "7fffffff"}) {
    FrameAssembler assembler(100);
    assembler.append(from_hex(length).value());
    const Result<std::optional<Bytes>> next = assembler.next();
    REQUIRE_FALSE(next);
    CHECK(next.error().message.find("at most 100") != std::string::npos);
    CHECK_FALSE(assembler.next());
  }
}
