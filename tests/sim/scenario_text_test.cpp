#include "sim/scenario_text.h"

#include "sim/located_json.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

const std::string kCommented = R"({
  // The one that matters: "linger.ms".
  "producers": {
    "p1": { "config": { "linger.ms": 5, "acks": "all" } },
    "p2": {}  // nothing set
  },
  "faults": [
    { "at": "1ms" }  // the first
  ]
}
)";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kCommented;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("a value is replaced where it stands, and all else stays as it was written") {
  CHECK(*with_value(kCommented, {"producers", "p1", "config", "linger.ms"}, "50") ==
        changed("\"linger.ms\": 5", "\"linger.ms\": 50"));
  CHECK(*with_value(kCommented, {"producers", "p2"}, "7") == changed("{}", "7"));
}

TEST_CASE("a key that is missing is added behind the others, in their layout") {
  CHECK(*with_value(kCommented, {"producers", "p1", "config", "retries"}, "0") ==
        changed("\"all\" }", "\"all\", \"retries\": 0 }"));
  CHECK(*with_value(kCommented, {"producers", "p2", "config", "retries"}, "0") ==
        changed("\"p2\": {}", "\"p2\": { \"config\": { \"retries\": 0 } }"));
  CHECK(*with_value(kCommented, {"producers", "p3"}, "1") ==
        changed("{}  // nothing set", "{},  // nothing set\n    \"p3\": 1"));
  CHECK(*with_value(kCommented, {"seed"}, "4") == changed("  ]\n}", "  ],\n  \"seed\": 4\n}"));
}

TEST_CASE("an item is added at the end of a list, and a list where there is none") {
  CHECK(*with_item(kCommented, {"faults"}, "{ \"at\": \"2ms\" }") ==
        changed("{ \"at\": \"1ms\" }  // the first",
                "{ \"at\": \"1ms\" },  // the first\n    { \"at\": \"2ms\" }"));
  CHECK(*with_item("{ \"a\": [1] }", {"a"}, "2") == "{ \"a\": [1, 2] }");
  CHECK(*with_item("{ \"a\": [] }", {"a"}, "2") == "{ \"a\": [\n    2\n  ] }");
  CHECK(*with_item("{}", {"a"}, "2") == "{ \"a\": [\n    2\n  ] }");
  CHECK(*with_item("{\n  \"b\": 1\n}", {"a"}, "2") == "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}");
}

TEST_CASE("what was changed is JSON again, with what was put in") {
  for (const JsonPath& path :
       {JsonPath{"producers", "p1", "config", "a \"b\" \\"}, JsonPath{"x", "y", "z"}}) {
    const auto text = with_value(kCommented, path, "[true]");
    REQUIRE(text);
    const JsonResult json = parse_located_json(*text, "");
    REQUIRE(json.problems.empty());
    const JsonValue* value = &json.value;
    for (const std::string& key : path) REQUIRE((value = value->find(key)) != nullptr);
    CHECK(value->items.size() == 1);
    CHECK(text->substr(value->begin, value->end - value->begin) == "[true]");
  }
}

TEST_CASE("a path through what is no object is refused, and so is what is no JSON") {
  CHECK(with_value(kCommented, {"producers", "p1", "config", "acks", "x"}, "1").error().message ==
        "producers.p1.config.acks: found \"all\"; expected an object");
  CHECK_FALSE(with_item(kCommented, {"producers"}, "1").ok());
  CHECK_FALSE(with_value("{", {"a"}, "1").ok());
  CHECK_FALSE(with_item("", {"a"}, "1").ok());
}

TEST_CASE("secrets are replaced, and what only has a name like one's is not") {
  const auto text = [](const std::string& user, const std::string& key) {
    return "{ // as it was\n  \"producers\": { \"secret\": { \"config\": { \"sasl.jaas.config\": " + user +
           ", \"linger.ms\": 5, \"ssl.key.password\": " + key + " } } } }";
  };
  CHECK(without_secrets(text("\"user\"", "7")) == text("\"[hidden]\"", "\"[hidden]\""));
  CHECK(without_secrets("{ nothing") == "{ nothing");
}

}  // namespace
}  // namespace sendscope::sim
