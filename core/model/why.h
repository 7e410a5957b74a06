// "Why did this take 41 ms?": the age of a batch or record cut into slices that sum to it exactly, each with
// what it waited for and the event that ended it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/model/history.h"
#include "core/model/subject.h"
#include "core/model/wait_cause.h"

namespace sendscope {

struct WaitSlice {
  WaitCause cause{};
  std::uint32_t attempt = 0;  // from 1; 0 before the first
  Nanos from = 0;
  Nanos to = 0;
  std::size_t ended_by = 0;  // number of the event that ended it; the cursor when it goes on
  Nanos duration() const { return to - from; }
};

// What has not happened by the cursor, and why.
struct NotYet {
  WaitCause cause{};
  PartitionIndex partition = kNoPlace;  // the batch's; kNoPlace: it is in none
  Subject behind;                       // what it waits for, where that is one thing
  Nanos until = -1;                     // when time alone ends it; -1: something must happen
};

struct WaitReport {
  bool known = false;  // false: no such thing before the cursor
  Nanos from = 0;      // send() of a record, creation of a batch
  Nanos to = 0;        // its callback or completion, or the cursor
  bool over = false;
  NotYet not_yet;                 // unless it is over
  std::vector<WaitSlice> slices;  // in time; none is empty; they cover from .. to without a gap
  // Slices of one cause and attempt added up, in order of first appearance.
  std::vector<WaitSlice> summary() const;
  Nanos total() const { return to - from; }
};

// `events`: the cursor (after so many events); `now`: its time.
WaitReport why(History& history, const SubjectEvents& subject, std::size_t events, Nanos now);

}  // namespace sendscope
