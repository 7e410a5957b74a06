// Why an expectation was not met: the event at which it broke, and what its names were worth then.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/model/history.h"

namespace sendscope {

struct CheckReason {
  struct Worth {
    std::string name, value;  // "pool.used", "16 KiB"
  };
  std::size_t event = 0;  // its number in the log
  std::vector<Worth> values;
};

// Of `always` and `never` the event that broke it; else the moment of the decision, which the end of a run or
// of a time limit brought about. A text that is no expectation (a trace is bytes from outside) has no values.
CheckReason reason_of(History& history, const CheckModel& check);

}  // namespace sendscope
