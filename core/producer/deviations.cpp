#include "core/producer/deviations.h"

namespace sendscope {

namespace {

constexpr DeviationRow kDeviationRows[] = {
#define SENDSCOPE_DEVIATION(name, kafka, ours, why) {Deviation::name, #name, kafka, ours, why},
#include "core/producer/deviations.def"
#undef SENDSCOPE_DEVIATION
};

}  // namespace

std::span<const DeviationRow> deviations() { return kDeviationRows; }

const DeviationRow& deviation_row(Deviation id) { return kDeviationRows[static_cast<std::size_t>(id)]; }

}  // namespace sendscope
