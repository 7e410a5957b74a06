// What must hold of a run, as a small state machine that looks at every event.
//
//   always e | never e | finally e | eventually e [within D] | whenever e then e within D
//
// always and never: after every event. finally: once, at the end. eventually within D: at some event with
// time <= D since the start of the run. whenever a then b within D: each time a becomes true, b is true then
// or at an event at most D later. What cannot be known is undecided, never held; so is a promise whose time
// was not up when the run was cut short.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/event/expression.h"

namespace sendscope {

enum class ExpectationForm : std::uint8_t { kAlways, kNever, kFinally, kEventually, kWhenever };

struct ExpectationFormRow {
  ExpectationForm form;
  std::string_view word;  // that an expectation of the form begins with
};
std::span<const ExpectationFormRow> expectation_forms();

struct Expectation {
  ExpectationForm form{};
  Expression condition;
  Expression consequence;   // of whenever
  Nanos within = kForever;  // kForever: without a limit
  std::string text;
};

std::variant<Expectation, ExpressionError> parse_expectation(std::string_view text);
// The same. REQUIRES: it parses
Expectation expectation(std::string_view text);

// What became of one expectation. `outcome` is final once decided() says so.
struct Verdict {
  CheckOutcome outcome = CheckOutcome::kUndecided;
  // Number of the event that decided (from 0); the number of events so far when a deadline or the end did.
  std::uint64_t event = 0;
  Nanos time = 0;
  std::string values;  // what the names were worth then
  std::string reason;  // in words: "still not true at the end", "unknown: ..."
};

class ExpectationMonitor {
 public:
  explicit ExpectationMonitor(Expectation expectation);

  // After event number `event` at `time`; numbers and times never go back. Returns true when this decided it.
  bool observe(std::uint64_t event, Nanos time, const NameSource& names);
  // When time alone will have broken it; kForever: never, as things stand. Events at that very time still
  // count.
  Nanos deadline() const;
  // All that was to happen up to deadline() has happened, `events` events so far: it is broken, at that time.
  // REQUIRES: there is a deadline
  void expire(std::uint64_t events, const NameSource& names);
  // The run is over at `time`, after `events` events: decides what is left. cut_short: it was stopped (until)
  // while things were still to happen.
  const Verdict& finish(std::uint64_t events, Nanos time, const NameSource& names, bool cut_short = false);

  bool decided() const { return decided_; }
  const Verdict& verdict() const { return verdict_; }
  const Expectation& expectation() const { return expectation_; }

 private:
  bool decide(CheckOutcome outcome, std::uint64_t event, Nanos time, const NameSource& names,
              std::string reason);
  bool observe_whenever(std::uint64_t event, Nanos time, const NameSource& names);
  void note_unknown(std::uint64_t event, Nanos time, const NameSource& names);
  std::string owed_reason() const;
  // The first name that speaks of something the run does not have; empty: none.
  std::string missing_object(const NameSource& names) const;

  Expectation expectation_;
  Verdict verdict_;  // not decided: the first moment that could not be judged
  bool decided_ = false;
  bool saw_unknown_ = false;
  bool was_true_ = false;  // whenever: its condition at the event before
  bool owed_ = false;      // whenever: the consequence is still to come
  Nanos owed_until_ = 0;
  Nanos owed_since_ = 0;
  std::uint64_t owed_event_ = 0;
};

}  // namespace sendscope
