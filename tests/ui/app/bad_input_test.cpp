// Bad input through the command line: one clear message with place and remedy, the right exit code, and
// nothing half-written left as if it were whole.
#include "tests/support/catch.h"
#include "tests/ui/app/program.h"

using sendscope::testing::ProgramFolder;
using sendscope::testing::ProgramResult;

namespace {

const std::string kScenario = R"({
  "sendscope": 1,
  "title": "t",
  "cluster": { "nodes": 1, "topics": { "orders": {} } },
  "producers": { "p1": { "config": { "linger.ms": 0 }, "threads": { "app-1": [
    { "send": { "topic": "orders", "value": "100B", "count": 3, "every": "1ms" } }
  ] } } },
  "until": "1s",
  "expect": [ "finally acked == 3" ]
})";

std::string with(const std::string& piece, const std::string& instead) {
  std::string text = kScenario;
  text.replace(text.find(piece), piece.size(), instead);
  return text;
}

struct Mistake {
  const char* piece;
  const char* instead;
  const char* message;  // what standard error must begin with
};

constexpr Mistake kMistakes[] = {
    {"\"until\"", "\"untill\"", "s.json:8:3: untill: found an unknown key; expected one of"},
    {"\"nodes\": 1", "\"nodes\": true", "s.json:4:25: cluster.nodes: found true; expected a number of nodes"},
    {"\"until\": \"1s\"", "\"until\": \"1 sec\"", "s.json:8:12: until: found \"1 sec\"; expected a duration"},
    {"\"send\": { \"topic\": \"orders\"", "\"send\": { \"topic\": \"order\"",
     "s.json:6:26: producers.p1.threads.app-1[0].send.topic: found the topic \"order\", which the cluster "
     "does not have"},
    {"\"until\": \"1s\",", "\"until\": \"1s\"", "s.json:9:3: no JSON: "},
    {"\"linger.ms\": 0", "\"linger.ms\": -1", "s.json:5:51: producers.p1.config.linger.ms: "},
    {"finally acked == 3", "finally akced == 3",
     "s.json:9:24: expect[0]: \"finally akced == 3\": there is no name 'akced'; did you mean 'acked'?"},
    {"finally acked == 3", "finally node(7).up",
     "s.json:9:15: expect[0]: found node(7).up; expected the id of a node"},
    {"finally acked == 3", "acked == 3",
     "s.json:9:16: expect[0]: \"acked == 3\": an expectation begins with always"},
};

}  // namespace

TEST_CASE("a scenario that is wrong is refused by every command that takes one") {
  const ProgramFolder folder;
  for (const Mistake& mistake : kMistakes) {
    folder.write("s.json", with(mistake.piece, mistake.instead));
    for (const char* words : {"run s.json --trace t.trace", "check s.json", "state s.json --at 1ms"}) {
      const ProgramResult result = folder.run(words);
      INFO(words << "\n" << result.err);
      CHECK(result.exit_code == 2);
      CHECK(result.err.find(mistake.message) == 0);
      CHECK(result.out.empty());
      CHECK_FALSE(folder.has("t.trace"));
    }
  }
}

TEST_CASE("files that are not there, or are something else") {
  const ProgramFolder folder;
  CHECK(folder.run("run none.json").exit_code == 2);
  CHECK(folder.run("run none.json").err.find("none.json: found no readable file; expected a scenario file") ==
        0);
  CHECK(folder.run("check .").exit_code == 2);
  CHECK(folder.run("replay none.trace").exit_code == 2);
  folder.write("s.json", kScenario);
  CHECK(folder.run("replay s.json").exit_code == 2);
  CHECK(folder.run("replay s.json").err.find("s.json") != std::string::npos);
  CHECK(folder.run("conform none").exit_code == 2);
}

TEST_CASE("words that are wrong") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  const std::pair<const char*, const char*> kWrong[] = {
      {"rnu s.json", "did you mean 'run'?"},
      {"run", "scenario is required"},
      {"run s.json --until soon", "such as \"5ms\""},
      {"run s.json --seed x", "--seed"},
      {"run s.json --format xml", "--format"},
      {"run s.json --no-such-option", "--no-such-option"},
      {"check s.json --seeds 9..1", "1..200"},
      {"state s.json", "sendscope help state"},
      {"state s.json --at 1ms --event 5", "sendscope help state"},
      {"state s.json --event 99999", "events"},
      {"help nonsense", "no help on 'nonsense'"},
  };
  for (const auto& [words, message] : kWrong) {
    const ProgramResult result = folder.run(words);
    INFO(words << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("sendscope: ") == 0);
    CHECK(result.err.find(message) != std::string::npos);
  }
}

TEST_CASE("a trace that is cut off or has a flipped bit is told apart from a whole one") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  REQUIRE(folder.run("run s.json --trace t.trace").exit_code == 0);
  REQUIRE(folder.run("replay t.trace").exit_code == 0);
  const std::string whole = folder.read("t.trace");
  folder.write("cut.trace", whole.substr(0, whole.size() - 10));
  std::string flipped = whole;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 4);
  folder.write("flipped.trace", flipped);
  for (const char* name : {"cut.trace", "flipped.trace"}) {
    const ProgramResult result = folder.run(std::string("replay ") + name);
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find(name) != std::string::npos);
    CHECK(result.err.find("byte") != std::string::npos);
    CHECK(folder.run(std::string("state ") + name + " --at 1ms").err.find("warning: ") == 0);
  }
}

TEST_CASE("a disk that is full while tracing fails the run, and leaves no trace that looks whole") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  const ProgramResult full =
      folder.shell("ln -s /dev/full t.trace.unfinished; \"$SENDSCOPE\" run s.json --trace t.trace");
  INFO(full.err);
  CHECK(full.exit_code == 1);
  CHECK(full.err.find("t.trace") != std::string::npos);
  CHECK_FALSE(folder.has("t.trace"));
  const ProgramResult limited =
      folder.shell("ulimit -f 1; \"$SENDSCOPE\" run s.json --format quiet --trace u.trace | cat");
  CHECK(limited.err.find("u.trace") != std::string::npos);
  CHECK_FALSE(folder.has("u.trace"));
  CHECK(folder.run("run s.json --trace no/such/folder/t.trace").exit_code == 1);
  CHECK(folder.run("run s.json > /dev/full").exit_code == 1);
  CHECK(folder.run("check s.json --junit no/such/folder/j.xml").exit_code == 1);
}
