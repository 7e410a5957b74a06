// Frames: a 4-byte length, a header, a message. Kafka: RequestHeader, ResponseHeader, NetworkReceive.
//
// Messages are plain structs with a static kApi, an encode(ByteWriter&, version) and a static
// decode(ByteReader&, version). A version must lie in the range of the api's row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

// As Kafka: socket.request.max.bytes of a broker.
inline constexpr std::size_t kDefaultMaxFrame = 100u << 20;

// The largest answer that a client takes. Kafka's takes any that its memory allows; but whoever announces
// more is broken, or speaks something else. Metadata grows with the cluster, and an answer to Produce may
// have a word on every record of its request.
constexpr std::size_t max_response(ApiKey api) {
  return api == ApiKey::kMetadata || api == ApiKey::kProduce ? 16u << 20 : 1u << 20;
}

struct RequestHeader {
  std::int16_t api_key = 0;  // may be one this client does not know
  std::int16_t version = 0;
  std::int32_t correlation_id = 0;
  std::optional<std::string> client_id;

  // REQUIRES: api_key is known
  void encode(ByteWriter& out) const;
  // For an unknown api or a version above the client's range only the four fields of header v1 are read.
  static Result<RequestHeader> decode(ByteReader& in);
};

struct ResponseHeader {
  std::int32_t correlation_id = 0;

  // ApiVersions is always answered with header v0, so that any client can read it.
  void encode(ByteWriter& out, ApiKey api, std::int16_t version) const;
  static Result<ResponseHeader> decode(ByteReader& in, ApiKey api, std::int16_t version);
};

// A whole frame with its length, as pieces: own bytes with foreign memory (record batches) in between.
class Frame {
 public:
  std::size_t size() const { return own_.size() + external_size_; }
  // The pieces in order, none empty. Valid while the frame and the foreign memory live and do not change.
  std::vector<Bytes> slices() const;
  // All bytes in one piece.
  std::vector<std::byte> flatten() const;

  template <typename Message>
  static Frame request(const Message& message, std::int16_t version, std::int32_t correlation_id,
                       const std::optional<std::string>& client_id) {
    Frame frame;
    ByteWriter out = frame.begin();
    RequestHeader{static_cast<std::int16_t>(Message::kApi), version, correlation_id, client_id}.encode(out);
    message.encode(out, version);
    frame.finish(out);
    return frame;
  }

  template <typename Message>
  static Frame response(const Message& message, std::int16_t version, std::int32_t correlation_id) {
    Frame frame;
    ByteWriter out = frame.begin();
    ResponseHeader{correlation_id}.encode(out, Message::kApi, version);
    message.encode(out, version);
    frame.finish(out);
    return frame;
  }

 private:
  ByteWriter begin();
  void finish(ByteWriter& out);

  std::vector<std::byte> own_;
  std::vector<ExternalBytes> externals_;
  std::size_t external_size_ = 0;
};

// Cuts a stream of bytes into frames. Memory grows with the bytes that really arrive, not with the length a
// frame claims.
class FrameAssembler {
 public:
  explicit FrameAssembler(std::size_t max_frame = kDefaultMaxFrame) : max_frame_(max_frame) {}

  void append(Bytes bytes);
  // The next whole frame without its length; nullopt when more bytes are needed. Valid until the next call of
  // append() or next(). Fails for good on a negative length or one above the limit.
  Result<std::optional<Bytes>> next() { return next(max_frame_); }
  // The same with a limit of this frame's own.
  Result<std::optional<Bytes>> next(std::size_t max_frame);
  // What has not been cut into frames yet. Valid as what next() returns.
  Bytes rest() const { return Bytes(buffer_).subspan(begin_); }
  // Bytes that wait for the rest of their frame.
  std::size_t pending() const { return buffer_.size() - begin_; }

 private:
  std::size_t max_frame_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
};

}  // namespace sendscope::wire
