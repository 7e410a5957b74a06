#include "tests/core/wire/messages.h"

#include <fstream>
#include <optional>
#include <sstream>

#include "core/base/hex.h"
#include "tests/support/repository.h"

namespace sendscope::wire {
namespace {

KafkaFrame parse_line(const std::string& line) {
  std::istringstream words(line);
  std::string direction, api, hex;
  KafkaFrame frame;
  words >> direction >> api >> frame.version >> hex;
  frame.request = direction == "request";
  for (const ApiRow& row : api_rows()) {
    if (row.name == api) frame.api = row.key;
  }
  frame.bytes = from_hex(hex).value();
  frame.text = direction + " " + api + " " + std::to_string(frame.version);
  return frame;
}

template <typename Message>
Result<std::vector<std::byte>> rewrite_as(const KafkaFrame& frame) {
  ByteReader in(Bytes(frame.bytes).subspan(4));
  std::optional<std::string> client_id;
  std::int32_t correlation_id = 0;
  if (frame.request) {
    Result<RequestHeader> header = RequestHeader::decode(in);
    if (!header) return header.error();
    client_id = header->client_id;
    correlation_id = header->correlation_id;
  } else {
    Result<ResponseHeader> header = ResponseHeader::decode(in, frame.api, frame.version);
    if (!header) return header.error();
    correlation_id = header->correlation_id;
  }
  Result<Message> message = Message::decode(in, frame.version);
  if (!message) return message.error();
  if (!in.at_end()) return Error(ErrorCode::kOutOfRange, "bytes are left over");
  return frame.request ? Frame::request(*message, frame.version, correlation_id, client_id).flatten()
                       : Frame::response(*message, frame.version, correlation_id).flatten();
}

}  // namespace

const std::vector<KafkaFrame>& kafka_frames() {
  static const std::vector<KafkaFrame> frames = [] {
    std::vector<KafkaFrame> all;
    std::ifstream in(test::repository("tests/core/wire/kafka_frames.txt"));
    for (std::string line; std::getline(in, line);) all.push_back(parse_line(line));
    return all;
  }();
  return frames;
}

Result<std::vector<std::byte>> rewrite(const KafkaFrame& frame) {
  std::optional<Result<std::vector<std::byte>>> result;
  visit_message(frame.request, frame.api,
                [&](auto* type) { result = rewrite_as<std::remove_pointer_t<decltype(type)>>(frame); });
  return std::move(*result);
}

}  // namespace sendscope::wire
