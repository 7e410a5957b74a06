// A run told by hand: a busy moment with every kind of state on the stage, for tests of what is drawn. Pool
// full and two threads in line, one batch retrying, one partition muted, one node that does not answer.
#pragma once

#include "core/event/event_log.h"

namespace sendscope::test {

struct SampleOptions {
  int partitions = 5;
  int nodes = 3;
  int threads = 3;
  int extra_batches = 0;  // more batches, spread over the partitions, each with its block
};

// Fills the log; its end is the busy moment.
void fill_sample_run(EventLog& log, const SampleOptions& options = {});

}  // namespace sendscope::test
