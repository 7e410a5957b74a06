#include "sim/located_json.h"

#include "sim/json_reader.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::sim;

TEST_CASE("every value knows line, column and path") {
  const JsonResult parsed = parse_located_json(
      "{ // a comment with \"quotes\" and { braces\n"
      "  \"a\": [1, {\"b\": \"x\\\"y\"}, /* [ */ 2.5],\n"
      "  \"c\": null }\n",
      "f.json");
  REQUIRE(parsed.problems.empty());
  const JsonValue& list = *parsed.value.find("a");
  CHECK(list.line == 2);
  CHECK(list.column == 8);
  const JsonValue& deep = *list.items.at(1).find("b");
  CHECK(deep.path == "a[1].b");
  CHECK(deep.text == "x\"y");
  CHECK(deep.line == 2);
  CHECK(deep.column == 18);
  CHECK(list.items.at(2).column == 35);
  CHECK(parsed.value.find("c")->line == 3);
  CHECK(parsed.value.members.at(1).column == 3);
}

TEST_CASE("text that is no JSON is one problem with its place") {
  const JsonResult parsed = parse_located_json("{\n  \"a\": 1,\n  \"b\" 2\n}", "f.json");
  REQUIRE(parsed.problems.size() == 1);
  CHECK(parsed.problems[0].line == 3);
  CHECK(to_string(parsed.problems[0]).starts_with("f.json:3:"));
}

TEST_CASE("what is no JSON is told without quoting it: it may be a password") {
  for (const char* text :
       {"{\"ssl.key.password\": canary}", "{\"ssl.key.password\": \"canary",
        "{\"ssl.key.password\": \"canary\" \"canary\"}", "{\"a\": \"ca\nnary\"}",
        "{\"ssl.key.password\": \"canary\\x\"}", "{\"ssl.key.password\": 1e4711}", "canary"}) {
    const JsonResult parsed = parse_located_json(text, "f");
    REQUIRE(parsed.problems.size() == 1);
    const std::string told = to_string(parsed.problems[0]);
    INFO(told);
    CHECK(told.starts_with("f:"));
    CHECK(told.find("no JSON: ") != std::string::npos);
    for (const char* piece : {"canary", "nary", "4711"}) CHECK(told.find(piece) == std::string::npos);
  }
}

TEST_CASE("a value whose key sounds like a secret's is kept, but never quoted; nor are items of it") {
  const JsonResult parsed = parse_located_json(
      R"({"ssl.key.password": "canary", "Api-Key": 4711, "tokens": ["canary"],
          "note": "password=canary", "plain": "canary"})",
      "f");
  REQUIRE(parsed.problems.empty());
  const JsonValue& all = parsed.value;
  CHECK(all.find("ssl.key.password")->text == "canary");
  CHECK(all.find("ssl.key.password")->describe() == "\"[hidden]\"");
  CHECK(all.find("Api-Key")->describe() == "the number [hidden]");
  CHECK(all.find("tokens")->items.at(0).describe() == "\"[hidden]\"");
  CHECK(all.find("note")->describe() == "\"password=[hidden]\"");
  CHECK(all.find("plain")->describe() == "\"canary\"");
}

TEST_CASE("a key given twice, deep nesting and sheer size are refused") {
  CHECK(parse_located_json("{\"a\": 1, \"a\": 2}", "f").problems.at(0).column == 10);
  CHECK(parse_located_json(std::string(100'000, '['), "f").problems.size() == 1);
  CHECK(parse_located_json(std::string(kMaxJsonBytes + 1, ' '), "f").problems.size() == 1);
  std::string many = "{";
  for (std::size_t i = 0; i <= kMaxJsonMembers; ++i) many += "\"" + std::to_string(i) + "\":0,";
  CHECK(parse_located_json(many + "\"x\":0}", "f").problems.size() == 1);
}

TEST_CASE("an object reader reports wrong kinds, absent and unknown keys together") {
  const JsonResult parsed = parse_located_json("{\"nodse\": 3, \"latency\": \"5 parsecs\"}", "f.json");
  REQUIRE(parsed.problems.empty());
  Problems problems("f.json");
  {
    ObjectReader reader(parsed.value, problems);
    reader.find("nodes");
    CHECK_FALSE(read_duration(*reader.find("latency"), problems).has_value());
    CHECK(reader.require("topics", "the cluster's topics") == nullptr);
  }
  const std::vector<Problem> list = problems.take();
  REQUIRE(list.size() == 3);
  CHECK(list[0].found == "no \"topics\"");
  CHECK(to_string(list[1]) ==
        "f.json:1:2: nodse: found an unknown key; expected one of nodes, latency or topics (did you mean "
        "'nodes'?)");
  CHECK(list[2].path == "latency");
  CHECK(list[2].found == "\"5 parsecs\"");
}

TEST_CASE("probabilities are exact parts of a million") {
  const JsonResult parsed = parse_located_json("[0.25, 1, \"12.5%\", 1.5, \"x%\"]", "f");
  Problems problems("f");
  CHECK(read_probability(parsed.value.items[0], problems) == 250'000);
  CHECK(read_probability(parsed.value.items[1], problems) == 1'000'000);
  CHECK(read_probability(parsed.value.items[2], problems) == 125'000);
  CHECK_FALSE(read_probability(parsed.value.items[3], problems).has_value());
  CHECK_FALSE(read_probability(parsed.value.items[4], problems).has_value());
  CHECK(problems.size() == 2);
}
