#include "core/model/check_reason.h"

#include <algorithm>

#include "core/event/expectation.h"
#include "core/model/queries.h"

namespace sendscope {
namespace {

// The first event of the decision's instant that breaks the expectation by itself; else the decision.
std::size_t breaking_event(History& history, const Expectation& expectation, const CheckModel& check) {
  const bool never = expectation.form == ExpectationForm::kNever;
  if (!never && expectation.form != ExpectationForm::kAlways) return check.event;
  const EventLog& log = history.log();
  for (std::size_t n = log.count_before(check.t); n < check.event; ++n) {
    const ModelNames names(history.model_at(n + 1), log.strings(), &log[n]);
    const Value value = expectation.condition.evaluate(names);
    if (never ? value.is_true() : value.is_false()) return n;
  }
  return check.event;
}

void add_values(const Expression& expression, const NameSource& names, std::vector<CheckReason::Worth>& out) {
  for (const NameRef* name : expression.names()) {
    const bool told = std::any_of(out.begin(), out.end(),
                                  [&](const CheckReason::Worth& worth) { return worth.name == name->text; });
    if (!told) out.push_back({name->text, to_string(names.value(*name))});
  }
}

}  // namespace

CheckReason reason_of(History& history, const CheckModel& check) {
  const EventLog& log = history.log();
  const auto parsed = parse_expectation(log.strings().view(check.text));
  const auto* expectation = std::get_if<Expectation>(&parsed);
  if (expectation == nullptr) return {check.event, {}};
  CheckReason reason{breaking_event(history, *expectation, check), {}};
  const ModelNames names(history.model_at(reason.event + 1), log.strings(), &log[reason.event]);
  add_values(expectation->condition, names, reason.values);
  add_values(expectation->consequence, names, reason.values);
  return reason;
}

}  // namespace sendscope
