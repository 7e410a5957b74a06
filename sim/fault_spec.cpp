#include "sim/fault_spec.h"

namespace sendscope::sim {

FaultAction::FaultAction() = default;
FaultAction::FaultAction(const FaultAction&) = default;
FaultAction::FaultAction(FaultAction&&) noexcept = default;
FaultAction& FaultAction::operator=(const FaultAction&) = default;
FaultAction& FaultAction::operator=(FaultAction&&) noexcept = default;
FaultAction::~FaultAction() = default;

}  // namespace sendscope::sim
