#include "tests/core/wire/messages.h"

#include "core/base/hex.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

TEST_CASE("frames that Kafka wrote are read and written again to the byte") {
  REQUIRE(kafka_frames().size() > 100);
  for (const KafkaFrame& frame : kafka_frames()) {
    INFO(frame.text << " " << to_hex(frame.bytes));
    const Result<std::vector<std::byte>> again = rewrite(frame);
    if (!again) FAIL(again.error().message);
    CHECK(to_hex(*again) == to_hex(frame.bytes));
  }
}

TEST_CASE("every prefix of a frame is refused with the message's name and the place") {
  for (const KafkaFrame& frame : kafka_frames()) {
    // Such an answer is tried in version 0 as well, and a cut one may read as that.
    if (frame.api == ApiKey::kApiVersions && !frame.request) continue;
    KafkaFrame cut = frame;
    const std::size_t step = frame.bytes.size() > 300 ? 7 : 1;
    for (std::size_t size = 4; size < frame.bytes.size(); size += step) {
      cut.bytes.resize(size);
      std::copy_n(frame.bytes.begin(), size, cut.bytes.begin());
      const Result<std::vector<std::byte>> again = rewrite(cut);
      INFO(frame.text << " cut to " << size);
      REQUIRE_FALSE(again);
      CHECK(again.error().message.find("byte ") != std::string::npos);
    }
  }
}

namespace {

template <typename Message>
Message there_and_back(const Message& message, std::int16_t version) {
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  message.encode(out, version);
  ByteReader in(bytes);
  Result<Message> read = Message::decode(in, version);
  REQUIRE(read);
  CHECK(in.at_end());
  return *read;
}

}  // namespace

TEST_CASE("null, empty and absent are three things") {
  MetadataRequest all;
  MetadataRequest none;
  none.topics.emplace();
  for (std::int16_t version = 1; version <= 13; ++version) {
    CHECK_FALSE(there_and_back(all, version).topics.has_value());
    CHECK(there_and_back(none, version).topics->empty());
  }
  CHECK_FALSE(there_and_back(all, 0).topics.has_value());
  ProduceResponse answer;
  answer.topics = {{"t", {}, {{.index = 1}}}};
  for (const std::int16_t version : {8, 9, 12}) {
    answer.topics[0].partitions[0].error_message.reset();
    CHECK(there_and_back(answer, version) == answer);
    answer.topics[0].partitions[0].error_message = "";
    CHECK(there_and_back(answer, version) == answer);
  }
}

TEST_CASE("leader hints travel as tagged fields and are left out when there are none") {
  ProduceResponse plain;
  plain.topics = {{"t", {}, {{.index = 3, .error_code = 6}}}};
  ProduceResponse hinted = plain;
  hinted.topics[0].partitions[0].current_leader = {2, 7};
  hinted.node_endpoints = {{2, "192.0.2.3", 9092, std::nullopt}};
  CHECK(there_and_back(hinted, 10) == hinted);
  CHECK(there_and_back(plain, 10) == plain);
  CHECK(there_and_back(hinted, 9) == plain);
  const auto size = [](const ProduceResponse& m) { return Frame::response(m, 10, 0).size(); };
  // Number, size and content of the two tags.
  CHECK(size(hinted) - size(plain) == (2 + 9) + (2 + 1 + 4 + 10 + 4 + 1 + 1));
}

TEST_CASE("unknown tagged fields are skipped, damaged known ones refused") {
  // EndTxn response v3: throttle, error, one tag 99 of 3 bytes.
  const auto bytes = from_hex(
                         "0000000700090163"
                         "03aabbcc")
                         .value();
  ByteReader in(bytes);
  const Result<EndTxnResponse> read = EndTxnResponse::decode(in, 3);
  REQUIRE(read);
  CHECK(read->error_code == 9);
  CHECK(in.at_end());
  // Produce response v10, one partition whose leader hint claims 4 bytes.
  const auto damaged = from_hex(
                           "020274"
                           "02"
                           "00000001"
                           "0006"
                           "ffffffffffffffff"
                           "ffffffffffffffff"
                           "ffffffffffffffff"
                           "01"
                           "00"
                           "01"
                           "0004"
                           "00000001"
                           "00"
                           "00000000"
                           "00")
                           .value();
  ByteReader again(damaged);
  const Result<ProduceResponse> refused = ProduceResponse::decode(again, 10);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("tagged field") != std::string::npos);
}

TEST_CASE("an ApiVersions answer to an unknown version is read in version 0") {
  ApiVersionsResponse refusal;
  refusal.error_code = 35;
  refusal.api_keys = {{18, 0, 3}};
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  refusal.encode(out, 0);
  ByteReader in(bytes);
  const Result<ApiVersionsResponse> read = ApiVersionsResponse::decode(in, 4);
  REQUIRE(read);
  CHECK(*read == refusal);
  CHECK(in.at_end());
}

TEST_CASE("a length nobody can have sent does not cost memory") {
  // Metadata response v9: throttle 0, then 0x0fffffff brokers.
  const auto bytes = from_hex("00000000ffffffff7f").value();
  ByteReader in(bytes);
  const Result<MetadataResponse> read = MetadataResponse::decode(in, 9);
  REQUIRE_FALSE(read);
  CHECK(read.error().message ==
        "Metadata response version 9, byte 9 of 9: a length is larger than what is left");
}
