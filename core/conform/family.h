// The families of transcripts a replayer exists for: one row each in kFamilies (family.cpp). A family's
// function plays one transcript and reports where it differs; it stops where going on makes no sense.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/conform/transcript.h"

namespace sendscope::conform {

// Thrown by families and caught in conform(): the transcript asks for what cannot be.
struct BadTranscript : std::runtime_error {
  using std::runtime_error::runtime_error;
};
inline void require(bool holds, const std::string& what) {
  if (!holds) throw BadTranscript(what);
}
// The member as a number in [min, max]; what replays can do without limits from a file.
std::int64_t number_of(const Json& json, const char* member, std::int64_t min, std::int64_t max);
// null, hex digits, or {"fill": hex, "size": n}.
std::optional<std::vector<std::byte>> bytes_of(const Json& json);

struct Family {
  std::string_view name;
  void (*replay)(const Transcript& transcript, Report& report);
};

std::span<const Family> families();
// nullptr when there is none of this name.
const Family* find_family(std::string_view name);

// One a file: batch_family.cpp, pool_family.cpp, partition_family.cpp, pipeline_*.cpp.
void replay_batch(const Transcript& transcript, Report& report);
void replay_pool(const Transcript& transcript, Report& report);
void replay_partition(const Transcript& transcript, Report& report);
void replay_pipeline(const Transcript& transcript, Report& report);

}  // namespace sendscope::conform
