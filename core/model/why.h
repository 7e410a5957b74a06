// "Why did this take 41 ms?": the age of a batch or record cut into slices that sum to it exactly, each with
// what it waited for and the event that ended it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/history.h"
#include "core/model/subject.h"

namespace sendscope {

enum class WaitCause : std::uint8_t {
  kMetadata,        // send() waited for metadata
  kMemory,          // send() waited in line for memory
  kInSend,          // the rest of send()
  kLinger,          // for linger.ms or more records
  kNoLeader,        // nobody known to lead the partition
  kBackoff,         // after a failed attempt
  kMuted,           // muted: an earlier batch of the partition is in flight
  kEarlierBatches,  // earlier batches of the partition stand in front of it
  kConnection,      // no ready connection to the leader
  kInFlightLimit,   // the node has max.in.flight.requests.per.connection requests
  kSender,          // for the sender to come round
  kToBroker,        // request on the way
  kQueuedAtBroker,  // behind earlier requests of the connection
  kAtBroker,        // worked on, replicated
  kToProducer,      // response on the way
  kAnswer,          // sent, and not answered (the brokers' side is not known: live)
  kLost,            // request or response was lost: waiting for the time-out
  kBehindLost,      // one before it on the connection was lost: waiting for that one's time-out
  kCallbacks,       // completed: callbacks of the records before it
};
std::string_view wait_cause_text(WaitCause cause);

struct WaitSlice {
  WaitCause cause{};
  std::uint32_t attempt = 0;  // from 1; 0 before the first
  Nanos from = 0;
  Nanos to = 0;
  std::size_t ended_by = 0;  // number of the event that ended it; the cursor when it goes on
  Nanos duration() const { return to - from; }
};

struct WaitReport {
  bool known = false;  // false: no such thing before the cursor
  Nanos from = 0;      // send() of a record, creation of a batch
  Nanos to = 0;        // its callback or completion, or the cursor
  bool over = false;
  std::vector<WaitSlice> slices;  // in time; none is empty; they cover from .. to without a gap
  // Slices of one cause and attempt added up, in order of first appearance.
  std::vector<WaitSlice> summary() const;
  Nanos total() const { return to - from; }
};

// `events`: the cursor (after so many events); `now`: its time.
WaitReport why(History& history, const SubjectEvents& subject, std::size_t events, Nanos now);

}  // namespace sendscope
