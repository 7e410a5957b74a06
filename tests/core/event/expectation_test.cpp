#include "core/event/expectation.h"

#include "tests/support/catch.h"

namespace sendscope {
namespace {

// A run in which only these three numbers change.
struct Moment final : NameSource {
  Value sent = Value::integer(0);
  Value acked = Value::integer(0);
  bool there = true;
  Value value(const NameRef& name) const override {
    if (name.name == Name::sent) return sent;
    if (name.name == Name::acked) return acked;
    return Value::boolean(true);
  }
  bool exists(const NameRef& name) const override { return there || name.object.empty(); }
};

ExpectationMonitor monitor(std::string_view text) {
  auto parsed = parse_expectation(text);
  INFO(text);
  if (const auto* error = std::get_if<ExpressionError>(&parsed)) FAIL(to_string(*error));
  return ExpectationMonitor(std::move(std::get<Expectation>(parsed)));
}

std::string expectation_error(std::string_view text) {
  auto parsed = parse_expectation(text);
  const auto* error = std::get_if<ExpressionError>(&parsed);
  return error == nullptr ? "" : to_string(*error);
}

TEST_CASE("always is broken by the first event at which it does not hold") {
  ExpectationMonitor always = monitor("always acked <= sent");
  Moment now;
  CHECK_FALSE(always.observe(0, 10, now));
  now.acked = Value::integer(2);
  CHECK(always.observe(1, 20, now));
  CHECK(always.decided());
  CHECK_FALSE(always.observe(2, 30, now));
  const Verdict& verdict = always.finish(3, 30, now);
  CHECK(verdict.outcome == CheckOutcome::kBroken);
  CHECK(verdict.event == 1);
  CHECK(verdict.time == 20);
  CHECK(verdict.values == "acked = 2, sent = 0");
}

TEST_CASE("always and never hold when they held at every event") {
  Moment now;
  ExpectationMonitor always = monitor("always acked <= sent");
  ExpectationMonitor never = monitor("never acked > sent");
  for (int i = 0; i < 5; ++i) {
    always.observe(i, i, now);
    never.observe(i, i, now);
  }
  CHECK(always.finish(5, 9, now).outcome == CheckOutcome::kHeld);
  CHECK(never.finish(5, 9, now).outcome == CheckOutcome::kHeld);
  now.acked = Value::integer(1);
  ExpectationMonitor broken = monitor("never acked > sent");
  CHECK(broken.observe(0, 0, now));
  CHECK(broken.verdict().outcome == CheckOutcome::kBroken);
}

TEST_CASE("finally looks only at the end") {
  Moment now;
  ExpectationMonitor at_end = monitor("finally acked == sent and acked == 4");
  CHECK_FALSE(at_end.observe(0, 0, now));
  now.sent = now.acked = Value::integer(4);
  CHECK(at_end.finish(8, 100, now).outcome == CheckOutcome::kHeld);
  ExpectationMonitor broken = monitor("finally acked == 5");
  CHECK(broken.finish(8, 100, now).outcome == CheckOutcome::kBroken);
  CHECK(broken.verdict().event == 8);
  CHECK(broken.verdict().values == "acked = 4");
}

TEST_CASE("eventually has a time limit, the limit included") {
  Moment now;
  ExpectationMonitor in_time = monitor("eventually acked == 4 within 2ms");
  in_time.observe(0, 1'000'000, now);
  now.acked = Value::integer(4);
  CHECK(in_time.observe(1, 2'000'000, now));
  CHECK(in_time.verdict().outcome == CheckOutcome::kHeld);
  CHECK(in_time.verdict().event == 1);

  ExpectationMonitor late = monitor("eventually acked == 4 within 2ms");
  CHECK(late.observe(0, 2'000'001, now));
  CHECK(late.verdict().outcome == CheckOutcome::kBroken);
  CHECK(late.verdict().time == 2'000'000);  // not when that was seen

  Moment idle;
  ExpectationMonitor quiet = monitor("eventually acked == 4");
  quiet.observe(0, 0, idle);
  CHECK(quiet.finish(1, 0, idle).outcome == CheckOutcome::kBroken);
  ExpectationMonitor cut = monitor("eventually acked == 4 within 2s");
  CHECK(cut.finish(1, 1'000, idle, true).outcome == CheckOutcome::kUndecided);
  ExpectationMonitor done = monitor("eventually acked == 4 within 2s");
  CHECK(done.finish(1, 1'000, idle, false).outcome == CheckOutcome::kBroken);
}

TEST_CASE("whenever owes its consequence from each time on that its condition becomes true") {
  Moment now;
  ExpectationMonitor kept = monitor("whenever sent > acked then sent == acked within 5ms");
  for (int i = 0; i < 10; ++i) {
    now.sent = Value::integer(i + 1);
    CHECK_FALSE(kept.observe(2 * i, i * 10'000'000, now));
    now.acked = now.sent;
    CHECK_FALSE(kept.observe(2 * i + 1, i * 10'000'000 + 5'000'000, now));
  }
  CHECK(kept.finish(20, 100'000'000, now).outcome == CheckOutcome::kHeld);

  Moment slow;
  ExpectationMonitor broken = monitor("whenever sent > acked then sent == acked within 5ms");
  slow.sent = Value::integer(1);
  CHECK_FALSE(broken.observe(0, 1'000'000, slow));
  CHECK_FALSE(broken.observe(1, 6'000'000, slow));
  slow.acked = slow.sent;
  CHECK(broken.observe(2, 6'000'001, slow));
  CHECK(broken.verdict().outcome == CheckOutcome::kBroken);
  CHECK(broken.verdict().time == 6'000'000);
  CHECK(broken.verdict().reason.find("event 0 (1 ms)") != std::string::npos);
}

TEST_CASE("a deadline is known as long as it is one, and time alone decides it") {
  Moment now;
  ExpectationMonitor eventually = monitor("eventually acked == 4 within 2ms");
  CHECK(eventually.deadline() == 2'000'000);
  eventually.expire(7, now);
  CHECK(eventually.decided());
  CHECK(eventually.verdict().event == 7);
  CHECK(eventually.verdict().time == 2'000'000);
  CHECK(eventually.deadline() == kForever);

  ExpectationMonitor whenever = monitor("whenever sent > acked then sent == acked within 5ms");
  CHECK(whenever.deadline() == kForever);
  now.sent = Value::integer(1);
  whenever.observe(0, 1'000'000, now);
  CHECK(whenever.deadline() == 6'000'000);
  now.acked = now.sent;
  whenever.observe(1, 2'000'000, now);
  CHECK(whenever.deadline() == kForever);
  now.sent = Value::integer(2);
  whenever.observe(2, 3'000'000, now);
  CHECK(whenever.finish(3, 9'000'000, now, true).time == 8'000'000);
  CHECK(whenever.verdict().outcome == CheckOutcome::kBroken);

  CHECK(monitor("always acked == 0").deadline() == kForever);
  CHECK(monitor("eventually acked == 4").deadline() == kForever);
}

TEST_CASE("a promise open at the end is broken, or undecided when the run was cut short") {
  Moment now;
  now.sent = Value::integer(1);
  for (const bool cut_short : {false, true}) {
    ExpectationMonitor open = monitor("whenever sent > acked then sent == acked within 5ms");
    open.observe(0, 0, now);
    const CheckOutcome expected = cut_short ? CheckOutcome::kUndecided : CheckOutcome::kBroken;
    CHECK(open.finish(1, 1'000'000, now, cut_short).outcome == expected);
  }
}

TEST_CASE("what cannot be known is undecided, never held, but may still be broken") {
  Moment now;
  now.acked = Value::unknown();
  ExpectationMonitor always = monitor("always acked == 0");
  always.observe(3, 7, now);
  now.acked = Value::integer(0);
  always.observe(4, 8, now);
  const Verdict& verdict = always.finish(5, 9, now);
  CHECK(verdict.outcome == CheckOutcome::kUndecided);
  CHECK(verdict.event == 3);
  CHECK(verdict.values == "acked = unknown");

  now.acked = Value::unknown();
  ExpectationMonitor broken = monitor("always acked == 0");
  broken.observe(0, 0, now);
  now.acked = Value::integer(1);
  CHECK(broken.observe(1, 1, now));
  CHECK(broken.verdict().outcome == CheckOutcome::kBroken);

  now.acked = Value::unknown();
  ExpectationMonitor at_end = monitor("finally acked == 0");
  CHECK(at_end.finish(1, 1, now).outcome == CheckOutcome::kUndecided);
}

TEST_CASE("an expectation about something that never existed is undecided and says so") {
  Moment now;
  now.there = false;
  ExpectationMonitor typo = monitor("always partition('order-0').muted");
  typo.observe(0, 0, now);
  const Verdict& verdict = typo.finish(1, 1, now);
  CHECK(verdict.outcome == CheckOutcome::kUndecided);
  CHECK(verdict.reason.find("partition('order-0').muted") != std::string::npos);
}

TEST_CASE("expectations that cannot be read say where and what was expected") {
  CHECK(expectation_error("acked == 4") ==
        "line 1, column 1: an expectation begins with always, never, finally, eventually or whenever");
  CHECK(expectation_error("always acked") ==
        "line 1, column 8: this is a value of type integer, not a condition; compare it with something");
  CHECK(expectation_error("always acked == 4 within 5ms") ==
        "line 1, column 19: expected an operator or the end, found 'within'");
  CHECK(expectation_error("eventually acked == 4 within 5").find("expected a duration, such as 5ms") !=
        std::string::npos);
  CHECK(expectation_error("whenever acked == 4 within 5ms").find("expected 'then'") != std::string::npos);
  CHECK(expectation_error("whenever acked == 4 then sent == 4").find("expected 'within' and a duration") !=
        std::string::npos);
  CHECK(expectation_error("finally").find("the expression ends too early") != std::string::npos);
}

}  // namespace
}  // namespace sendscope
