#include "core/event/expression.h"

#include <map>

#include "core/base/error.h"
#include "core/base/prng.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

// Values by the text of the name.
struct FakeNames final : NameSource {
  std::map<std::string, Value> values;
  Value value(const NameRef& name) const override {
    const auto at = values.find(name.text);
    return at == values.end() ? Value::unknown() : at->second;
  }
  bool exists(const NameRef&) const override { return true; }
};

Value evaluate(std::string_view text, const FakeNames& names = {}) {
  auto parsed = parse_expression(text);
  INFO(text);
  if (const auto* error = std::get_if<ExpressionError>(&parsed)) FAIL(to_string(*error));
  return std::get<Expression>(parsed).evaluate(names);
}

std::string expression_error(std::string_view text) {
  auto parsed = parse_expression(text);
  const auto* error = std::get_if<ExpressionError>(&parsed);
  return error == nullptr ? "" : to_string(*error);
}

TEST_CASE("literals, operators and their precedence") {
  CHECK(evaluate("1 + 2 * 3") == Value::integer(7));
  CHECK(evaluate("(1 + 2) * 3") == Value::integer(9));
  CHECK(evaluate("7 / 2 - 10") == Value::integer(-7));
  CHECK(evaluate("-3 + 5") == Value::integer(2));
  CHECK(evaluate("5ms") == Value::duration(5'000'000));
  CHECK(evaluate("1.5s + 250us") == Value::duration(1'500'250'000));
  CHECK(evaluate("16KiB") == Value::size(16384));
  CHECK(evaluate("2 * 5ms") == Value::duration(10'000'000));
  CHECK(evaluate("10ms / 4ms") == Value::integer(2));
  CHECK(evaluate("1KiB + 24") == Value::size(1048));
  CHECK(evaluate("'a' == 'a' and 'a' != 'b'") == Value::boolean(true));
  CHECK(evaluate("not 1 == 2") == Value::boolean(true));
  CHECK(evaluate("true or false and false") == Value::boolean(true));
  CHECK(evaluate("not true or true") == Value::boolean(true));
  CHECK(evaluate("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3") == Value::boolean(true));
  CHECK(evaluate("5ms > 0") == Value::boolean(true));
}

TEST_CASE("a percentage is a part of the pool, of the producer whose name stands before it") {
  FakeNames names;
  names.values = {{"pool.free", Value::size(6400)},
                  {"pool.total", Value::size(64'000)},
                  {"producer('p2').pool.free", Value::size(6400)},
                  {"producer('p2').pool.total", Value::size(128'000)}};
  CHECK(evaluate("pool.free < 11%", names).is_true());
  CHECK(evaluate("pool.free < 10%", names).is_false());
  CHECK(evaluate("producer('p2').pool.free < 6%", names).is_true());
  CHECK(evaluate("100% - pool.free", names) == Value::size(57'600));
  CHECK(expression_error("time < 5ms%") == "line 1, column 11: '%' goes with a plain number, such as 10%");
  CHECK_FALSE(expression_error("acked % 2").empty());
}

TEST_CASE("unknown is contagious, except where the rest decides") {
  FakeNames names;
  names.values["acked"] = Value::unknown();
  names.values["sent"] = Value::integer(4);
  CHECK(evaluate("acked == 4", names) == Value::unknown());
  CHECK(evaluate("acked + 1", names) == Value::unknown());
  CHECK(evaluate("acked == 4 and sent == 5", names) == Value::boolean(false));
  CHECK(evaluate("sent == 5 and acked == 4", names) == Value::boolean(false));
  CHECK(evaluate("acked == 4 and sent == 4", names) == Value::unknown());
  CHECK(evaluate("acked == 4 or sent == 4", names) == Value::boolean(true));
  CHECK(evaluate("acked == 4 or sent == 5", names) == Value::unknown());
  CHECK(evaluate("not (acked == 4)", names) == Value::unknown());
  CHECK(evaluate("1 / 0") == Value::unknown());
  CHECK(evaluate("4000000000000000000 * 3") == Value::unknown());
  CHECK(evaluate("-(0 - 4000000000000000000 * 2 - 1223372036854775807 - 1)") == Value::unknown());
}

TEST_CASE("every name of the table can be written, and has the type of its row") {
  const std::map<std::string, std::string> arguments = {
      {"(t)", "('app-1')"}, {"(p)", "('orders-0')"}, {"(n)", "(1)"},
      {"(x)", "('shop')"},  {"(key)", "('acks')"},   {"(kind)", "('batch_retried')"}};
  for (int i = 0; i < static_cast<int>(Name::count_); ++i) {
    const NameRow& row = name_row(static_cast<Name>(i));
    std::string text(row.name == Name::field ? "field('batch_closed', 'records')" : row.path);
    for (const auto& [letter, argument] : arguments) {
      const std::size_t at = text.find(letter);
      if (at != std::string::npos) text.replace(at, letter.size(), argument);
    }
    INFO(text);
    auto parsed = parse_expression(text);
    REQUIRE(std::holds_alternative<Expression>(parsed));
    const Expression& expression = std::get<Expression>(parsed);
    CHECK(expression.type() == row.type);
    REQUIRE(expression.names().size() == 1);
    CHECK(expression.names()[0]->name == row.name);
    CHECK(expression_help().find(row.path) != std::string::npos);
    CHECK(expression_help().find(row.meaning) != std::string::npos);
  }
}

TEST_CASE("a configuration key and a field are worth what they are measured in") {
  const auto type = [](std::string_view text) { return std::get<Expression>(parse_expression(text)).type(); };
  CHECK(type("config('linger.ms')") == ValueType::kDuration);
  CHECK(type("producer('p1').config('batch.size')") == ValueType::kSize);
  CHECK(type("config('retries')") == ValueType::kInt);
  CHECK(type("config('acks')") == ValueType::kString);
  CHECK(type("field('batch_closed', 'bytes')") == ValueType::kSize);
  CHECK(type("field('batch_expired', 'age')") == ValueType::kDuration);
  const auto wrong = [](std::string_view text) {
    const auto parsed = parse_expression(text);
    REQUIRE(std::holds_alternative<ExpressionError>(parsed));
    return to_string(std::get<ExpressionError>(parsed));
  };
  CHECK(wrong("config()").find("takes one argument") != std::string::npos);
  CHECK(wrong("field('batch_closed')").find("the name of a field") != std::string::npos);
  CHECK(wrong("field('batch_closed', 'record')").find("did you mean 'records'") != std::string::npos);
  CHECK(wrong("field('batch_closed', 'partition')").find("'partition' is no number") != std::string::npos);
  CHECK(wrong("config('linger.ms') == 5").find("column") != std::string::npos);
}

TEST_CASE("arguments of names are understood") {
  auto parsed = parse_expression(
      "producer('p1').count('request_sent', api='Produce', node=1) + failed('TimeoutException') + failed");
  REQUIRE(std::holds_alternative<Expression>(parsed));
  const auto& names = std::get<Expression>(parsed).names();
  REQUIRE(names.size() == 3);
  CHECK(names[0]->producer == "p1");
  CHECK(names[0]->kind == EventKind::request_sent);
  REQUIRE(names[0]->match.size() == 2);
  CHECK(names[0]->match[0].accepted == std::vector<std::uint64_t>{0});
  CHECK(names[0]->match[1].field == 1);
  // One Java class, two codes: the broker's time-out and the client's.
  CHECK(names[1]->errors == std::vector<std::int32_t>{static_cast<int>(ErrorCode::kRequestTimedOut),
                                                      static_cast<int>(ErrorCode::kTimeout)});
  CHECK(names[2]->errors.empty());
}

TEST_CASE("an error says where and what, and proposes the nearest right word") {
  CHECK(expression_error("pool.fre == 0") ==
        "line 1, column 1: there is no name 'pool.fre'; did you mean 'pool.free'? (sendscope help "
        "expressions lists them)");
  CHECK(expression_error("acked == 4 and\n partition('orders-0').queud > 1")
            .find("line 2, column 2: there is no name 'partition(p).queud'; did you mean "
                  "'partition(p).queued'?") == 0);
  CHECK(expression_error("count('batch_splitt') > 0").find("did you mean 'batch_split'?") !=
        std::string::npos);
  CHECK(expression_error("count('request_sent', apii='Produce') > 0").find("did you mean 'api'?") !=
        std::string::npos);
  CHECK(
      expression_error("count('request_sent', bytes=5) > 0") ==
      "line 1, column 23: count() cannot tell events apart by 'bytes'; here it can by: producer, node, api");
  CHECK(expression_error("event('batch_completed', error='TimeotException')")
            .find("did you mean 'TimeoutException'?") != std::string::npos);
  CHECK(expression_error("event('thread_state', state='sleping')")
            .find("'state' must be one of running, sleeping") != std::string::npos);
  CHECK(expression_error("failed('Timeout Exception') == 0").find("did you mean 'TimeoutException'?") !=
        std::string::npos);
  CHECK(expression_error("partition.queued") ==
        "line 1, column 1: 'partition' takes one argument, as in partition('orders-0')");
  CHECK(expression_error("node('1').up").find("'node' takes one argument, as in node(1)") !=
        std::string::npos);
  CHECK(expression_error("acked(1) == 2").find("'acked' takes no arguments") != std::string::npos);
  CHECK(expression_error("acked == ") == "line 1, column 10: the expression ends too early");
  CHECK(expression_error("") == "line 1, column 1: the expression ends too early");
  CHECK(expression_error("acked = 4") == "line 1, column 7: expected an operator or the end, found '='");
  CHECK(expression_error("acked == 4 4") == "line 1, column 12: expected an operator or the end, found '4'");
  CHECK(expression_error("(acked == 4") == "line 1, column 12: expected ')'");
  CHECK(expression_error("acked == 'four") ==
        "line 1, column 10: the text that begins here has no closing quote");
  CHECK(expression_error("acked == 4 & true") == "line 1, column 12: '&' has no meaning here");
  CHECK(expression_error("time > 5msec").find("line 1, column 8: '5msec' is not a number, a duration") == 0);
  CHECK(expression_error("acked == 99999999999999999999").find("that fits") != std::string::npos);
}

TEST_CASE("types are checked before anything runs") {
  CHECK(expression_error("5ms + 16KiB")
            .find("'+' does not go with a value of type duration and one of type size") != std::string::npos);
  CHECK(expression_error("time > 5").find("durations have a unit, such as 5ms") != std::string::npos);
  CHECK(expression_error("acked and true").find("'and' does not go with") != std::string::npos);
  CHECK(expression_error("not acked").find("'not' needs a condition") != std::string::npos);
  CHECK(expression_error("-'a'").find("'-' needs a number") != std::string::npos);
  CHECK(expression_error("1 < 2 < 3").find("'<' does not go with") != std::string::npos);
  CHECK(expression_error("node(1).up < true").find("'<' does not go with") != std::string::npos);
  CHECK(expression_error("node(1).connection == 1").find("'==' does not go with") != std::string::npos);
  CHECK(expression_error("pool.used == 0").empty());
  CHECK(expression_error("pool.used == 65536").empty());
  CHECK(expression_error("time == 0").empty());
  auto condition = parse_condition("pool.used + 1");
  REQUIRE(std::holds_alternative<ExpressionError>(condition));
  CHECK(to_string(std::get<ExpressionError>(condition)) ==
        "line 1, column 1: this is a value of type size, not a condition; compare it with something");
}

TEST_CASE("values() tells what the names are worth, each once") {
  FakeNames names;
  names.values["pool.free"] = Value::size(4096);
  names.values["pool.total"] = Value::size(65536);
  names.values["node(1).connection"] = Value::string("ready");
  auto parsed =
      parse_expression("pool.free <= pool.total and pool.free > 0 and node(1).connection == 'ready'");
  REQUIRE(std::holds_alternative<Expression>(parsed));
  CHECK(std::get<Expression>(parsed).values(names) ==
        "pool.free = 4 KiB, pool.total = 64 KiB, node(1).connection = 'ready'");
}

TEST_CASE("a text nested without end is refused, not followed") {
  CHECK(expression_error(std::string(100'000, '(') + "true").find("nested too deeply") != std::string::npos);
  CHECK(expression_error(std::string(100'000, '-') + "1").find("nested too deeply") != std::string::npos);
  std::string nots;
  for (int i = 0; i < 50'000; ++i) nots += "not ";
  CHECK(expression_error(nots + "true").find("nested too deeply") != std::string::npos);
  std::string sums = "1";
  for (int i = 0; i < 100'000; ++i) sums += "+1";
  CHECK(expression_error(sums).find("too long") != std::string::npos);
}

TEST_CASE("random mutations of expressions never crash the parser") {
  const std::string good =
      "producer('p1').pool.free + 16KiB >= pool.total and not event('batch_retried', partition='orders-0') "
      "or "
      "latency.p99 < 1.5ms * (2 + count('request_sent', api='Produce', node=1))";
  const std::string alphabet = "()'.,=<>!+-*/ 09azAZ_\n\"\x01\xff";
  Prng random(1);
  int errors = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (std::uint64_t i = 0; i <= random.below(3); ++i) {
      const auto where = static_cast<std::size_t>(random.below(text.size()));
      const char c = alphabet[static_cast<std::size_t>(random.below(alphabet.size()))];
      switch (random.below(3)) {
        case 0: text[where] = c; break;
        case 1: text.insert(where, 1, c); break;
        default: text.erase(where, 1 + random.below(8)); break;
      }
    }
    auto parsed = parse_expression(text);
    if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
      ++errors;
      REQUIRE(error->line >= 1);
      REQUIRE(error->column >= 1);
      REQUIRE_FALSE(error->message.empty());
    }
  }
  CHECK(errors > 10'000);
}

TEST_CASE("a copy of an expression is the same one, and stands alone") {
  auto first = std::make_unique<Expression>(
      condition("thread('app-1').state == 'closed' and (sent + 1 > 3 or sent == 0)"));
  const Expression copy = *first;
  const std::string values = first->text();
  first.reset();
  CHECK(copy.text() == values);
  REQUIRE(copy.names().size() == 2);  // each name once
  CHECK(copy.names()[0]->text == "thread('app-1').state");
  CHECK(copy.names()[1]->text == "sent");
  Expression other;
  CHECK(other.names().empty());
  other = copy;
  CHECK(other.names().size() == 2);
  CHECK(other.names()[0] != copy.names()[0]);
  CHECK(other.type() == ValueType::kBool);
}

}  // namespace
}  // namespace sendscope
