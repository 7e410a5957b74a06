// The I/O thread's loop as a function: one call goes from where Kafka's Sender waits to where it waits next.
// First what the transport brought (written requests, responses, lost and new connections, time-outs), then,
// in Kafka's own order: transactional requests, ready(), drain() per node, expiry, one produce request per
// node, metadata.
//
// Thread-safety: run_once() and exited() from one thread; initiate_close(), force_close() and wakeup() from
// any. Source: Kafka Sender.run, runOnce, sendProducerData.
#pragma once

#include <memory>

#include "core/base/types.h"

namespace sendscope {

class Sender {
 public:
  // Does all that is due at `now` and returns when it next wants to run (Kafka's poll time-out, absolute);
  // kForever when only bytes or a wake-up can make it go on. `now` never goes back.
  Nanos run_once(Nanos now);
  // The last run_once ended in a sleep rather than a poll (Kafka: retry of a transactional request): until
  // the time it returned, nothing that arrives is looked at.
  bool sleeping() const;
  // The loop is over: closed, everything resolved.
  bool exited() const;
};

}  // namespace sendscope
