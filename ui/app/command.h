// What a person asks of a running session: a fault, at a time. A recorded list of them reproduces the run.
#pragma once

#include "core/base/types.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

struct Command {
  Nanos at = 0;  // model time at which it takes effect
  FaultOrder fault;

  bool operator==(const Command&) const = default;
};

}  // namespace sendscope::ui
