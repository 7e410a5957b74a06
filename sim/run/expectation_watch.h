// An expectation of a scenario, watched: the event check_decided tells when it is decided.
#pragma once

#include <string>

#include "core/event/expectation.h"
#include "core/event/sink.h"
#include "sim/run/watch.h"

namespace sendscope::run {

// What became of one expectation.
struct ExpectationResult {
  std::string text;
  CheckOutcome outcome = CheckOutcome::kUndecided;
  std::uint64_t event = 0;  // index in the log of the event that decided it; the last one for `finally`
  Nanos time = 0;
  std::string values;  // "pool.used = 16 KiB, batches.incomplete = 1"; empty when it held
  std::string reason;  // in words; empty when it held
};

class ExpectationWatch final : public Watch {
 public:
  // `number`: its place in the scenario's "expect". The sink outlives it.
  ExpectationWatch(const Expectation& expectation, std::size_t number, EventSink& sink);

  bool on_event(const Moment& moment) override;
  Nanos deadline() const override { return monitor_.deadline(); }
  void on_deadline(const Moment& moment) override;
  void on_end(const Moment& moment, bool cut_short) override;

  // Not decided: the outcome is kUndecided, and only the text is told.
  const ExpectationResult& result() const { return result_; }

 private:
  void decided(Nanos now);

  ExpectationMonitor monitor_;
  std::size_t number_;
  EventSink& sink_;
  ExpectationResult result_;
};

}  // namespace sendscope::run
