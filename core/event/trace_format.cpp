#include "core/event/trace_format.h"

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/base/fnv1a.h"
#include "core/event/trace_file.h"

namespace sendscope {
namespace {

void mix(Fnv1a& hash, std::string_view text) {
  hash.text(text);
  hash.number(0xff);
}

}  // namespace

std::uint64_t kind_table_fingerprint(int kinds, std::uint32_t version) {
  Fnv1a hash;
  for (int i = 0; i < kinds; ++i) {
    KindRow row = kind_row(static_cast<EventKind>(i));
    if (version < trace::kFirstConfigSources && i == static_cast<int>(EventKind::config_set)) row.place = {};
    mix(hash, row.name);
    for (const FieldRow& field : {row.actor, row.place, row.subject, row.a, row.b}) {
      mix(hash, field.name);
      hash.number(static_cast<std::uint64_t>(field.unit));
    }
  }
  return hash.value();
}

std::vector<std::byte> trace::make_header(std::string_view metadata) {
  std::vector<std::byte> head;
  ByteWriter out(head);
  out.text(kMagic);
  out.u32(kTraceVersion);
  out.u32(kEventKindCount);
  out.i64(static_cast<std::int64_t>(kind_table_fingerprint(kEventKindCount)));
  out.u32(static_cast<std::uint32_t>(metadata.size()));
  out.text(metadata);
  out.u32(crc32c(head));
  return head;
}

std::vector<std::byte> trace::make_block(BlockType type, std::uint32_t count, Bytes body) {
  std::vector<std::byte> block;
  block.reserve(body.size() + kBlockHeadBytes + kChecksumBytes);
  ByteWriter out(block);
  out.i8(static_cast<std::int8_t>(type));
  out.u32(count);
  out.u32(static_cast<std::uint32_t>(body.size()));
  out.raw(body);
  out.u32(crc32c(block));
  return block;
}

}  // namespace sendscope
