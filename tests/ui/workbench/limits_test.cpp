// The chart of the rate: the line that binds is named with its formula and with the key that lifts it.
#include "core/model/rate_limits.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::do_verb;
using test::Person;

// Sends as fast as it may over one connection with so many places in flight.
std::string scenario(int places, const std::string& every) {
  return R"({"sendscope": 1, "title": "Limits",
    "cluster": {"nodes": 1, "topics": {"orders": {"partitions": 1}}, "link": {"latency": "10ms"}},
    "producers": {"p1": {"config": {"linger.ms": 0, "batch.size": 2048, "max.in.flight.requests.per.connection": )" +
         std::to_string(places) + R"(}, "threads": {"app-1": [
      {"send": {"topic": "orders", "partition": 0, "value": "1800B", "count": 60, "every": ")" +
         every + R"("}}, {"flush": {}}]}}},
    "until": "9s"})";
}

std::string verdict_of(const std::string& text) {
  const auto bench = test::bench_of_text(text);
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  person.press(key_of('U'), true);
  const auto found = person.all("limit.verdict");
  REQUIRE(found.size() == 1);
  for (const Hit& row : person.all("limit")) CHECK(row.tip.find(" = ") != std::string::npos);
  return found.front().tip;
}

TEST_CASE("one place in flight binds a fast application, and the key that lifts it is named") {
  const std::string verdict = verdict_of(scenario(1, "100us"));
  CHECK(verdict.starts_with("in-flight window binds: "));
  CHECK(verdict.find("max.in.flight.requests.per.connection") != std::string::npos);
}

TEST_CASE("nothing binds an application that sends little") {
  CHECK(verdict_of(scenario(5, "40ms")).starts_with("Nothing binds: "));
}

TEST_CASE("before the first answer the page says that nothing can be said") {
  const auto bench = test::bench_of_text(scenario(1, "1ms"));
  do_verb(*bench, Verb::kSeek, 5 * kNanosPerMilli);
  Person person(*bench);
  person.press(key_of('U'), true);
  CHECK(person.reads("No produce request has been answered"));
  CHECK(person.all("limit").empty());
}

}  // namespace
}  // namespace sendscope::ui
