// What the commands print and return when all is well.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/support/program.h"

using sendscope::testing::ProgramFolder;
using sendscope::testing::ProgramResult;

namespace {

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("run prints sentences, JSON lines, or only what became of the expectations") {
  const ProgramFolder folder;
  const ProgramResult text = folder.run("run scenarios/first-send.json");
  CHECK(text.exit_code == 0);
  CHECK(text.out.find("app-1 calls send() with record 1") != std::string::npos);
  CHECK(text.out.find("held       finally sent == 5 and acked == 5") != std::string::npos);
  CHECK(text.out.find("p1 takes the defaults of kafka-4.3 for ") != std::string::npos);
  CHECK(text.out.find("(default)") == std::string::npos);
  const ProgramResult quiet = folder.run("run scenarios/first-send.json --format quiet");
  CHECK(quiet.out.find("calls send()") == std::string::npos);
  const ProgramResult lines = folder.run("run scenarios/first-send.json --format jsonl");
  CHECK(lines.exit_code == 0);
  std::istringstream in(lines.out);
  bool appended = false;
  int defaults = 0;
  for (std::string line; std::getline(in, line);) {
    const auto event = nlohmann::json::parse(line);
    CHECK(event.at("t_ns").is_number_integer());
    defaults += event.at("kind") == "config_set" && event.at("source") == "default" ? 1 : 0;
    if (event.at("kind") != "record_appended") continue;
    appended = true;
    CHECK(event.at("thread") == "app-1");
    CHECK(event.at("partition").get<std::string>().find("greetings-") == 0);
    CHECK(event.at("batch_bytes").is_number_integer());
  }
  CHECK(appended);
  CHECK(defaults > 35);
}

TEST_CASE("the same seed gives the same bytes, another seed others, and replay repeats run") {
  const ProgramFolder folder;
  REQUIRE(folder.run("run scenarios/leader-dies.json --format jsonl --trace a.trace").exit_code == 0);
  const std::string first = folder.read(".out");
  REQUIRE(folder.run("run scenarios/leader-dies.json --format jsonl --trace b.trace").exit_code == 0);
  CHECK(folder.read(".out") == first);
  CHECK(folder.read("a.trace") == folder.read("b.trace"));
  REQUIRE(folder.run("run scenarios/leader-dies.json --format quiet --seed 77 --trace c.trace").exit_code ==
          0);
  CHECK(folder.read("a.trace") != folder.read("c.trace"));
  const ProgramResult replayed = folder.run("replay a.trace --format jsonl");
  CHECK(replayed.exit_code == 0);
  CHECK(replayed.out == first);
}

TEST_CASE("state of a scenario and of its trace are the same, by time and by event") {
  const ProgramFolder folder;
  REQUIRE(folder.run("run scenarios/backpressure.json --format quiet --trace t.trace").exit_code == 0);
  for (const char* moment : {"--at 100ms", "--event 200", "--at 0ms", "--at 1h"}) {
    const ProgramResult fresh = folder.run(std::string("state scenarios/backpressure.json --json ") + moment);
    const ProgramResult recorded = folder.run(std::string("state t.trace --json ") + moment);
    CHECK(fresh.exit_code == 0);
    CHECK(fresh.out == recorded.out);
    const auto state = nlohmann::json::parse(fresh.out);
    CHECK(state.at("pool").at("free").get<int>() + state.at("pool").at("used").get<int>() ==
          state.at("pool").at("total").get<int>());
  }
}

TEST_CASE("check tells what broke, where, and with which values") {
  const ProgramFolder folder;
  folder.write("s.json", R"({
    "sendscope": 1, "title": "<t> & more", "seed": 5,
    "cluster": { "nodes": 1, "topics": { "orders": {} } },
    "producers": { "p1": { "threads": { "app-1": [ { "send": { "topic": "orders", "count": 3 } } ] } } },
    "until": "1s",
    "expect": [ "finally acked == 3", "never acked > 2", "eventually acked == 4 within 100ms" ] })");
  const ProgramResult result = folder.run("check s.json --junit j.xml");
  CHECK(result.exit_code == 1);
  CHECK(result.out.find("held       finally acked == 3\n") != std::string::npos);
  CHECK(result.out.find("broken     never acked > 2: it holds here, at event ") != std::string::npos);
  CHECK(result.out.find("(acked = 3)") != std::string::npos);
  CHECK(result.out.find("1 scenarios, 1 runs: 1 held, 2 broken, 0 undecided") != std::string::npos);
  const std::string junit = folder.read("j.xml");
  CHECK(junit.find("tests=\"3\" failures=\"2\" skipped=\"0\"") != std::string::npos);
  CHECK(junit.find("name=\"never acked &gt; 2\"") != std::string::npos);
  CHECK(junit.find("seed 5: it holds here") != std::string::npos);
  CHECK(folder.run("run s.json --format quiet").exit_code == 1);
  const ProgramResult seeds = folder.run("check s.json --seeds 1..20");
  CHECK(seeds.out.find("and for 17 more seeds") != std::string::npos);
  CHECK(seeds.out.find("[--seed 1]") != std::string::npos);
}

TEST_CASE("shipped scenarios are found from everywhere; a folder stands for those in it") {
  const ProgramFolder folder;
  const ProgramResult result = folder.run("check scenarios");
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("0 broken, 0 undecided") != std::string::npos);
}

TEST_CASE("help prints the tables the program itself uses") {
  const ProgramFolder folder;
  const ProgramResult general = folder.run("help");
  for (const char* name :
       {"gui", "run", "check", "live", "produce", "render", "replay", "state", "conform", "help"}) {
    INFO(name);
    CHECK(general.out.find("sendscope " + std::string(name) + " ") != std::string::npos);
    if (std::string(name) == "help") continue;
    const ProgramResult one = folder.run("help " + std::string(name));
    CHECK(one.exit_code == 0);
    CHECK_FALSE(one.out.empty());
  }
  CHECK(folder.run("help expressions").out.find("pool.free") != std::string::npos);
  const std::string events = folder.run("help events").out;
  CHECK(events.find("batch_retried") != std::string::npos);
  CHECK(events.find("    marker          transaction marker: abort, commit\n") != std::string::npos);
  CHECK(general.out.find("expressions|events|config|deviations|schema|texts|COMMAND") != std::string::npos);
  const std::string texts = folder.run("help texts").out;
  CHECK(texts.find("\nbrief.batch_ready = ready: {reason}\n") != std::string::npos);
  CHECK(texts.find("\ncommand.step = Step one event forward\n") != std::string::npos);
  CHECK(folder.run("help config").out.find("linger.ms") != std::string::npos);
}

TEST_CASE("with no words and no display the first lesson is played as text") {
  const ProgramFolder folder;
  const ProgramResult result = folder.run("");
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("There is no display") == 0);
  CHECK(result.out.find("sendscope render") != std::string::npos);
  CHECK(result.out.find("| The record moves into a batch") != std::string::npos);
  CHECK(result.out.find("app-1 calls send()") != std::string::npos);
  CHECK(lines_of(result.out) > 200);
}
