// Nothing that the program writes holds a password: every key of type Password and keys that look like one,
// each with a value of its own that is searched for.
#include <map>

#include "core/producer/config.h"
#include "sim/run/sim_session.h"
#include "tests/support/catch.h"
#include "tests/support/plain_measure.h"
#include "tests/support/program.h"
#include "ui/workbench/workbench.h"

using namespace sendscope;
using sendscope::testing::ProgramFolder;
using sendscope::testing::ProgramResult;

namespace {

using Settings = std::map<std::string, std::string>;

// Keys that are secrets, and what they are set to.
Settings secrets() {
  std::vector<std::string> keys{"sasl.password",       "DB_PASSWD",        "client.secret",
                                "Auth.Token",          "my.credentials",   "other.jaas",
                                "tls.private.key",     "registry.api-key", "ApiKey",
                                "key.passphrase",      "ssl.key.pem",      "basic.auth.user.info",
                                "ssl.keystore.pasword"};
  for (const ConfigKey& key : config_keys())
    if (key.type == "password") keys.emplace_back(key.name);
  Settings out;
  for (const std::string& key : keys) out[key] = "canary" + std::to_string(out.size()) + "x";
  return out;
}

// Secrets within the values of keys that are none.
const Settings kWithin{
    {"sasl.oauthbearer.token.endpoint.url", "https://me:canary-a@idp.example/token"},
    {"sasl.oauthbearer.jwks.endpoint.url", "https://idp.example/?client_secret=canary-b"},
    {"some.url", "https://me:canary-c@registry.example,https://me:canary-d@other.example"}};

Settings all_settings() {
  Settings all = secrets();
  all.insert(kWithin.begin(), kWithin.end());
  return all;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string json_of(const Settings& settings) {
  std::string out;
  for (const auto& [key, value] : settings)
    out += (out.empty() ? "" : ", ") + quoted(key) + ": " + quoted(value);
  return out;
}

std::string scenario(const std::string& config, const std::string& steps = "",
                     const std::string& brokers = "") {
  return R"({ "sendscope": 1, "title": "t", "cluster": { "nodes": 1, "config": {)" + brokers +
         R"(}, "topics": { "orders": {} } }, "producers": { "p1": { "config": {)" + config +
         R"(}, "threads": { "app-1": [ )" + steps +
         R"({ "send": { "topic": "orders", "value": "10B", "count": 3 } } ] } } }, "until": "1s",
 "expect": [ "finally acked == 3" ] })";
}

void check_clean(const std::string& what, const std::string& text) {
  const std::size_t at = text.find("canary");
  INFO(what << ": " << text.substr(at == std::string::npos ? 0 : at - std::min<std::size_t>(at, 100), 200));
  CHECK(at == std::string::npos);
}

// Runs it and looks through what it prints and through all files of the folder but the inputs.
ProgramResult run_clean(const ProgramFolder& folder, const std::string& words) {
  ProgramResult result = folder.run(words);
  check_clean(words + ", standard output", result.out);
  check_clean(words + ", standard error", result.err);
  for (const char* file : {"t.trace", "t.trace.unfinished", "j.xml"})
    if (folder.has(file)) check_clean(words + ", " + file, folder.read(file));
  return result;
}

}  // namespace

TEST_CASE("a run whose configuration holds passwords writes none of them") {
  const ProgramFolder folder;
  folder.write("s.json", scenario(json_of(all_settings())));
  const ProgramResult told = run_clean(folder, "run s.json --metrics --trace t.trace");
  REQUIRE(told.exit_code == 0);
  for (const auto& [key, value] : secrets())
    CHECK(told.out.find(key + " = [hidden] (given).") != std::string::npos);
  CHECK(told.out.find("https://[hidden]@idp.example/token") != std::string::npos);
  for (const char* words :
       {"run s.json --format jsonl", "run s.json --format quiet", "check s.json --junit j.xml",
        "check . --seeds 1..2", "state s.json --at 5ms", "state s.json --at 5ms --json", "replay t.trace",
        "replay t.trace --format jsonl", "state t.trace --at 5ms", "state t.trace --at 5ms --json",
        "help config", "help run"}) {
    CHECK(run_clean(folder, words).exit_code == 0);
  }
}

TEST_CASE("a picture of a run whose configuration holds passwords shows none of them") {
  const ProgramFolder folder;
  auto session = run::open_session(folder.write("s.json", scenario(json_of(all_settings()))));
  REQUIRE(session);
  ui::Workbench bench(std::move(*session), {});
  bench.finish_work();
  const test::PlainMeasure measure;
  bench.act(ui::act(ui::Verb::kEnd), 1280, 720);
  for (const ui::SideTab side : {ui::SideTab::kInspector, ui::SideTab::kLesson}) {
    for (std::size_t event = 0; event <= bench.log().size(); event += event < 80 ? 1 : 25) {
      bench.act(ui::act(ui::Verb::kSeekEvent, static_cast<std::int64_t>(event)), 1280, 720);
      bench.act(ui::select_action({SubjectKind::kProducer, 0}), 1280, 720);
      bench.view().side = side;
      std::string text = bench.sentence();
      const ui::Scene scene = bench.frame(measure, 1280, 720);
      for (const ui::Shape& shape : scene.shapes) text += shape.text + "\n";
      for (const ui::Hit& hit : scene.hits) text += hit.tip + hit.click.text + "\n";
      REQUIRE(text.find("canary") == std::string::npos);
    }
  }
}

TEST_CASE("an error in or near a password does not quote it") {
  const ProgramFolder folder;
  for (const auto& [key, value] : secrets()) {
    const std::string name = quoted(key) + ": ";
    const std::string wrong[] = {
        scenario(name + quoted(value) + "  \"linger.ms\": 0"),                // no comma
        scenario(name + value),                                               // no quotes
        scenario(name + "\"" + value),                                        // one quote
        scenario(name + "[" + quoted(value) + "]"),                           // a list
        scenario(name + "{" + quoted("value") + ": " + quoted(value) + "}"),  // an object
        scenario(name + quoted(value) + ", " + name + quoted(value)),         // twice
        scenario(name + quoted(value) + ", \"acks\": \"maybe\""),             // something else is wrong
        scenario("", "{ \"set\": { " + name + quoted(value) + " } }, "),
        scenario("", "{ \"set\": { " + name + quoted(value) + ", \"a\": 1 } }, "),
        scenario("", "", name + quoted(value)),
        scenario("\"acks\": " + quoted(key + "=" + value)),
        scenario(name + quoted(value), "{ \"sned\": " + quoted(value) + " }, "),
    };
    for (const std::string& text : wrong) {
      folder.write("s.json", text);
      const ProgramResult result = run_clean(folder, "check s.json");
      INFO(result.err);
      CHECK(result.exit_code == 2);
      CHECK(result.err.find("s.json") != std::string::npos);
    }
  }
}

TEST_CASE("passwords on the command line stay there") {
  const ProgramFolder folder;
  const std::string to = " -b 127.0.0.1:1 -t t -X max.block.ms=100 -X linger.ms=0 --metrics --trace t.trace";
  std::string settings;
  for (const auto& [key, value] : all_settings()) settings += " -X '" + key + "=" + value + "'";
  folder.write("line", "a line\n");
  for (const std::string& words :
       {"live --headless --count 1" + to + settings, "produce" + to + settings + " < line"}) {
    CHECK(run_clean(folder, words).exit_code == 1);
    const ProgramResult told = run_clean(folder, "replay t.trace");
    CHECK(told.exit_code == 0);
    for (const auto& [key, value] : secrets())
      CHECK(told.out.find(key + " = [hidden] (given).") != std::string::npos);
  }
  for (const auto& [key, value] : secrets()) {
    for (const std::string& wrong :
         {"-X " + key + ":" + value, "-X " + key + " " + value, "-X =" + value,
          "-X linger.ms=x -X " + key + "=" + value, "-X 'linger.ms=password=" + value + "'",
          "-X bootstrap.servers=me:" + value + "@h:1"}) {
      CHECK(run_clean(folder, "produce -b h:1 -t t " + wrong).exit_code == 2);
    }
  }
  CHECK(run_clean(folder, "live --headless -t t -b me:canary@h:1").exit_code == 2);
  CHECK(run_clean(folder, "live --headless -t t -b PLAINTEXT://me:canary@h:1").exit_code == 2);
}
