// What writer and reader of trace files agree on; the layout is told in trace_file.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/types.h"

namespace sendscope::trace {

inline constexpr std::string_view kMagic = "SSTRACE1";
inline constexpr std::string_view kUnfinishedSuffix = ".unfinished";

// Version 1 had events of 32 bytes each (kEvents); they are read, not written.
enum BlockType : std::uint8_t { kStrings = 1, kEvents = 2, kEnd = 3, kPacked = 4 };

// The versions from which on ids have 64 bits, and a configuration says where its values come from.
inline constexpr std::uint32_t kFirstWideIds = 3;
inline constexpr std::uint32_t kFirstConfigSources = 3;

inline constexpr std::size_t kEventBytes = 32;
inline constexpr std::size_t kEventsPerBlock = 4096;
inline constexpr std::size_t kBlockHeadBytes = 9;  // type, count, length
inline constexpr std::size_t kChecksumBytes = 4;
// The reader refuses what claims to be larger.
inline constexpr std::size_t kMaxStringBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxStringsPerBlock = 4096;
inline constexpr std::size_t kMaxMetadataBytes = std::size_t{64} << 20;

// Everything before the first block, and a block: head, body and checksum.
std::vector<std::byte> make_header(std::string_view metadata);
std::vector<std::byte> make_block(BlockType type, std::uint32_t count, Bytes body);

}  // namespace sendscope::trace
