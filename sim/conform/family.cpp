#include "sim/conform/family.h"

#include <array>

namespace sendscope::sim {

namespace {

constexpr std::array kFamilies = {
    Family{"batch", replay_batch},
    Family{"pool", replay_pool},
    Family{"partition", replay_partition},
    Family{"pipeline", replay_pipeline},
};

}  // namespace

std::span<const Family> families() { return kFamilies; }

const Family* find_family(std::string_view name) {
  for (const Family& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

}  // namespace sendscope::sim
