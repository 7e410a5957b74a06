#include "core/producer/deviations.h"

namespace sendscope {

namespace {

constexpr DeviationRow kRows[] = {
#define SENDSCOPE_DEVIATION(name, kafka, ours, why) {Deviation::name, #name, kafka, ours, why},
#include "core/producer/deviations.def"
#undef SENDSCOPE_DEVIATION
};

}  // namespace

std::span<const DeviationRow> deviations() { return kRows; }

const DeviationRow& deviation_row(Deviation id) { return kRows[static_cast<std::size_t>(id)]; }

}  // namespace sendscope
