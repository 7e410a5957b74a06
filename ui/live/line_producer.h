// What `produce` does: a record for every line of the standard input, until the input ends, a signal comes,
// or there is no hope.
//
// Thread-safety: one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/live/line_reader.h"
#include "ui/live/live_run.h"
#include "ui/live/transaction_rhythm.h"

namespace sendscope::ui {

struct LinePlan {
  LiveTarget target;
  std::string key_delimiter;  // empty: lines have no key
  std::optional<std::string> key;
  std::int32_t partition = kUnknownPartition;
  std::vector<std::string> headers;  // "name=value", or "name" for a null value
  bool empty_is_null = false;
  std::uint64_t count = 0;  // 0: all lines
  TransactionPlan transactions;
};

class LineProducer {
 public:
  // Both outlive it.
  LineProducer(LiveRun& run, const LinePlan& plan);

  // Sends the lines, and closes the producer.
  void run();
  // Prints what became of them and returns the exit code.
  int end();

 private:
  Result<void> send_lines();
  void stop(const std::string& reason);

  LiveRun& run_;
  const LinePlan& plan_;
  const std::vector<RecordHeader> headers_;
  RecordSlots slots_;
  TransactionRhythm transactions_;
  LineReader lines_;
  std::string reason_ = "end of input";
  bool stopped_ = false;   // before the end of the input
  bool hopeless_ = false;  // nothing was accepted, and nothing further would be
  Result<void> outcome_;   // of the transactional calls
};

}  // namespace sendscope::ui
