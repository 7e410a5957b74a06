#include "core/wire/frame.h"

#include "core/wire/codec.h"

namespace sendscope::wire {

void RequestHeader::encode(ByteWriter& out) const {
  out.i16(api_key);
  out.i16(version);
  out.i32(correlation_id);
  // The client id keeps its two-byte length also where everything else is compact.
  Encoder plain(out, false);
  plain(client_id);
  Encoder(out, is_flexible(static_cast<ApiKey>(api_key), version)).tags();
}

Result<RequestHeader> RequestHeader::decode(ByteReader& in) {
  RequestHeader header;
  header.api_key = in.i16();
  header.version = in.i16();
  header.correlation_id = in.i32();
  Decoder plain(in, false);
  plain(header.client_id);
  const ApiRow* row = find_api(header.api_key);
  if (row != nullptr && header.version >= row->flexible_from && header.version <= row->max_version) {
    Decoder(in, true).tags();
  }
  if (!in.ok()) return Error(in.error().code, "request header, " + in.error().message);
  return header;
}

namespace {

bool flexible_response_header(ApiKey api, std::int16_t version) {
  return version >= api_row(api).flexible_response_header_from;
}

}  // namespace

void ResponseHeader::encode(ByteWriter& out, ApiKey api, std::int16_t version) const {
  out.i32(correlation_id);
  Encoder(out, flexible_response_header(api, version)).tags();
}

Result<ResponseHeader> ResponseHeader::decode(ByteReader& in, ApiKey api, std::int16_t version) {
  ResponseHeader header;
  header.correlation_id = in.i32();
  Decoder(in, flexible_response_header(api, version)).tags();
  if (!in.ok()) return Error(in.error().code, "response header, " + in.error().message);
  return header;
}

ByteWriter Frame::begin() {
  ByteWriter out(own_, &externals_);
  out.i32(0);
  return out;
}

void Frame::finish(ByteWriter& out) {
  external_size_ = out.size() - own_.size();
  out.patch_i32(0, static_cast<std::int32_t>(out.size() - 4));
}

std::vector<Bytes> Frame::slices() const {
  std::vector<Bytes> slices;
  slices.reserve(2 * externals_.size() + 1);
  const Bytes own(own_);
  std::size_t begin = 0;
  for (const ExternalBytes& external : externals_) {
    if (external.position > begin) slices.push_back(own.subspan(begin, external.position - begin));
    begin = external.position;
    slices.push_back(external.bytes);
  }
  if (begin < own.size()) slices.push_back(own.subspan(begin));
  return slices;
}

std::vector<std::byte> Frame::flatten() const {
  std::vector<std::byte> all;
  all.reserve(size());
  for (const Bytes slice : slices()) all.insert(all.end(), slice.begin(), slice.end());
  return all;
}

void FrameAssembler::append(Bytes bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Bytes>> FrameAssembler::next(std::size_t max_frame) {
  const Bytes waiting = Bytes(buffer_).subspan(begin_);
  if (waiting.size() < 4) return std::optional<Bytes>();
  const auto length = load_big_endian<std::int32_t>(waiting.data());
  if (length < 0 || static_cast<std::size_t>(length) > max_frame) {
    return Error(ErrorCode::kOutOfRange, "a frame claims " + std::to_string(length) + " bytes; at most " +
                                             std::to_string(max_frame) + " are taken");
  }
  const std::size_t size = static_cast<std::size_t>(length);
  if (waiting.size() - 4 < size) return std::optional<Bytes>();
  begin_ += 4 + size;
  return std::optional<Bytes>(waiting.subspan(4, size));
}

}  // namespace sendscope::wire
