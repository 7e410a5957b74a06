#include "core/event/expectation.h"

#include <algorithm>
#include <iterator>

#include "core/base/check.h"
#include "core/event/expression_parser.h"

namespace sendscope {

namespace {

constexpr ExpectationFormRow kForms[] = {{ExpectationForm::kAlways, "always"},
                                         {ExpectationForm::kNever, "never"},
                                         {ExpectationForm::kFinally, "finally"},
                                         {ExpectationForm::kEventually, "eventually"},
                                         {ExpectationForm::kWhenever, "whenever"}};

// "always, never, finally, eventually or whenever"
std::string form_words() {
  std::string text;
  for (const ExpectationFormRow& row : kForms) {
    if (&row != kForms) text += &row + 1 == std::end(kForms) ? " or " : ", ";
    text += row.word;
  }
  return text;
}

}  // namespace

std::span<const ExpectationFormRow> expectation_forms() { return kForms; }

std::variant<Expectation, ExpressionError> parse_expectation(std::string_view text) {
  ExpressionParser parser(text);
  Expectation out;
  out.text = std::string(text);
  const auto form = std::find_if(std::begin(kForms), std::end(kForms),
                                 [&](const ExpectationFormRow& row) { return parser.accept_word(row.word); });
  if (form == std::end(kForms)) {
    parser.fail("an expectation begins with " + form_words());
    return parser.error();
  }
  out.form = form->form;
  std::optional<Expression> condition = parser.condition();
  if (!condition) return parser.error();
  out.condition = std::move(*condition);
  const bool whenever = out.form == ExpectationForm::kWhenever;
  if (whenever) {
    if (!parser.accept_word("then")) {
      parser.fail("expected 'then': whenever E then F within D");
      return parser.error();
    }
    std::optional<Expression> consequence = parser.condition();
    if (!consequence) return parser.error();
    out.consequence = std::move(*consequence);
  }
  const bool may_have_limit = whenever || out.form == ExpectationForm::kEventually;
  if (may_have_limit && parser.accept_word("within")) {
    const std::optional<Nanos> limit = parser.duration();
    if (!limit) return parser.error();
    out.within = *limit;
  } else if (whenever) {
    parser.fail("expected 'within' and a duration: whenever E then F within D");
    return parser.error();
  }
  if (!parser.at_end(may_have_limit && out.within == kForever ? "an operator, 'within' or the end"
                                                              : "an operator or the end")) {
    return parser.error();
  }
  return out;
}

Expectation expectation(std::string_view text) {
  auto parsed = parse_expectation(text);
  SENDSCOPE_CHECK(std::holds_alternative<Expectation>(parsed));
  return std::get<Expectation>(std::move(parsed));
}

ExpectationMonitor::ExpectationMonitor(Expectation expectation) : expectation_(std::move(expectation)) {}

bool ExpectationMonitor::decide(CheckOutcome outcome, std::uint64_t event, Nanos time,
                                const NameSource& names, std::string reason) {
  decided_ = true;
  verdict_ = {outcome, event, time, expectation_.condition.values(names), std::move(reason)};
  if (expectation_.form == ExpectationForm::kWhenever) {
    const std::string more = expectation_.consequence.values(names);
    if (!verdict_.values.empty() && !more.empty()) verdict_.values += ", ";
    verdict_.values += more;
  }
  return true;
}

void ExpectationMonitor::note_unknown(std::uint64_t event, Nanos time, const NameSource& names) {
  if (saw_unknown_) return;
  saw_unknown_ = true;
  decide(CheckOutcome::kUndecided, event, time, names, "it cannot be known here");
  decided_ = false;
}

Nanos ExpectationMonitor::deadline() const {
  if (decided_) return kForever;
  if (expectation_.form == ExpectationForm::kEventually) return expectation_.within;
  return owed_ ? owed_until_ : kForever;
}

void ExpectationMonitor::expire(std::uint64_t events, const NameSource& names) {
  const bool owed = expectation_.form == ExpectationForm::kWhenever;
  if (saw_unknown_ && !owed) {  // it may have been true then
    decided_ = true;
    return;
  }
  decide(CheckOutcome::kBroken, events, deadline(), names,
         owed ? owed_reason() : "it did not come true in time");
}

bool ExpectationMonitor::observe(std::uint64_t event, Nanos time, const NameSource& names) {
  if (decided_ || expectation_.form == ExpectationForm::kFinally) return false;
  if (time > deadline()) {
    expire(event, names);
    return true;
  }
  if (expectation_.form == ExpectationForm::kWhenever) return observe_whenever(event, time, names);
  const Value value = expectation_.condition.evaluate(names);
  if (!value.known()) {
    note_unknown(event, time, names);
    return false;
  }
  switch (expectation_.form) {
    case ExpectationForm::kAlways:
      if (value.is_true()) return false;
      return decide(CheckOutcome::kBroken, event, time, names, "it does not hold here");
    case ExpectationForm::kNever:
      if (value.is_false()) return false;
      return decide(CheckOutcome::kBroken, event, time, names, "it holds here");
    default:
      if (value.is_false()) return false;
      return decide(CheckOutcome::kHeld, event, time, names, "it came true here");
  }
}

// Of several promises the oldest is due first, and one fulfilment keeps them all: one date is enough.
bool ExpectationMonitor::observe_whenever(std::uint64_t event, Nanos time, const NameSource& names) {
  const Value condition = expectation_.condition.evaluate(names);
  if (!condition.known()) note_unknown(event, time, names);
  if (condition.is_true() && !was_true_ && !owed_) {
    owed_ = true;
    owed_event_ = event;
    owed_since_ = time;
    owed_until_ = time_after(time, expectation_.within);
  }
  was_true_ = condition.is_true();
  if (!owed_) return false;
  const Value consequence = expectation_.consequence.evaluate(names);
  if (!consequence.known()) note_unknown(event, time, names);
  // An unknown consequence may have kept the promise.
  if (!consequence.is_false()) owed_ = false;
  return false;
}

std::string ExpectationMonitor::owed_reason() const {
  return "the condition became true at event " + std::to_string(owed_event_) + " (" +
         to_string(Value::duration(owed_since_)) + "), but what must follow did not within " +
         to_string(Value::duration(expectation_.within));
}

std::string ExpectationMonitor::missing_object(const NameSource& names) const {
  for (const Expression* expression : {&expectation_.condition, &expectation_.consequence}) {
    for (const NameRef* name : expression->names()) {
      if (!names.exists(*name)) return name->text;
    }
  }
  return {};
}

const Verdict& ExpectationMonitor::finish(std::uint64_t events, Nanos time, const NameSource& names,
                                          bool cut_short) {
  if (time > deadline()) expire(events, names);
  if (decided_) return verdict_;
  if (saw_unknown_) {
    decided_ = true;
    return verdict_;
  }
  if (const std::string missing = missing_object(names); !missing.empty()) {
    decide(CheckOutcome::kUndecided, events, time, names,
           "the run knows nothing that " + missing + " speaks of");
    return verdict_;
  }
  switch (expectation_.form) {
    case ExpectationForm::kAlways:
    case ExpectationForm::kNever: decide(CheckOutcome::kHeld, events, time, names, "at every event"); break;
    case ExpectationForm::kFinally: {
      const Value value = expectation_.condition.evaluate(names);
      if (!value.known()) {
        decide(CheckOutcome::kUndecided, events, time, names, "it cannot be known here");
      } else {
        decide(value.is_true() ? CheckOutcome::kHeld : CheckOutcome::kBroken, events, time, names,
               value.is_true() ? "at the end" : "it does not hold at the end");
      }
      break;
    }
    case ExpectationForm::kEventually: {
      const bool open = cut_short && expectation_.within != kForever && time < expectation_.within;
      decide(open ? CheckOutcome::kUndecided : CheckOutcome::kBroken, events, time, names,
             open ? "the run was over before its time was up" : "it never came true");
      break;
    }
    case ExpectationForm::kWhenever: {
      const bool open = owed_ && cut_short && time < owed_until_;
      decide(!owed_ ? CheckOutcome::kHeld
             : open ? CheckOutcome::kUndecided
                    : CheckOutcome::kBroken,
             events, time, names,
             !owed_ ? "each time"
             : open ? "the run was over before its time was up"
                    : owed_reason());
      break;
    }
  }
  return verdict_;
}

}  // namespace sendscope
