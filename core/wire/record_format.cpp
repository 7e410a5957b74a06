#include "core/wire/record_format.h"

#include "core/base/varint.h"

namespace sendscope::wire {
namespace {

std::size_t nullable_size(const std::optional<Bytes>& bytes) {
  if (!bytes) return 1;
  return static_cast<std::size_t>(varint_size(static_cast<std::int32_t>(bytes->size()))) + bytes->size();
}

// Everything but length, attributes, timestamp and offset.
std::size_t content_size(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                         std::span<const RecordHeader> headers) {
  std::size_t size = nullable_size(key) + nullable_size(value) +
                     static_cast<std::size_t>(varint_size(static_cast<std::int32_t>(headers.size())));
  for (const RecordHeader& header : headers) {
    size += static_cast<std::size_t>(varint_size(static_cast<std::int32_t>(header.key.size()))) +
            header.key.size() + nullable_size(header.value);
  }
  return size;
}

}  // namespace

std::size_t record_body_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                             const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                             std::span<const RecordHeader> headers) {
  return 1 + static_cast<std::size_t>(varlong_size(timestamp_delta) + varint_size(offset_delta)) +
         content_size(key, value, headers);
}

std::size_t record_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                        const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                        std::span<const RecordHeader> headers) {
  const std::size_t body = record_body_size(offset_delta, timestamp_delta, key, value, headers);
  return static_cast<std::size_t>(varint_size(static_cast<std::int32_t>(body))) + body;
}

std::size_t record_size_upper_bound(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                                    std::span<const RecordHeader> headers) {
  return kMaxRecordOverhead + content_size(key, value, headers);
}

std::size_t batch_size_upper_bound(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                                   std::span<const RecordHeader> headers) {
  return kRecordBatchOverhead + record_size_upper_bound(key, value, headers);
}

}  // namespace sendscope::wire
