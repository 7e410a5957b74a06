// The families of transcripts a replayer exists for: one row each in kFamilies (family.cpp). A family's
// function plays one transcript and reports where it differs; it stops where going on makes no sense.
#pragma once

#include <span>
#include <string_view>

#include "sim/conform/transcript.h"

namespace sendscope::sim {

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

}  // namespace sendscope::sim
