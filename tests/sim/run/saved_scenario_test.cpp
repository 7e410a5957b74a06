// A run that is saved is a scenario that gives it again, byte for byte.
#include "sim/run/saved_scenario.h"

#include <fstream>
#include <iterator>

#include "sim/run/sim_session.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"
#include "tests/support/temporary_folder.h"

namespace sendscope::run {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

ScenarioFile opened(const std::string& path) {
  ScenarioFileLoad load = open_scenario(path);
  INFO(sim::to_string(load.problems));
  REQUIRE(load.file);
  return std::move(*load.file);
}

std::string trace_of(const Recipe& recipe, const std::string& file) {
  SimulatedRunOptions options;
  options.trace_file = file;
  auto run = SimulatedRun::create(recipe, options);
  REQUIRE(run.ok());
  (*run)->finish();
  REQUIRE_FALSE((*run)->trace_error());
  return bytes_of(file);
}

// At moments at which something else happens, too, and one when nothing is left to do.
std::vector<sim::FaultSpec> some_orders(const ScenarioFile& file) {
  auto run = SimulatedRun::create(recipe_of(file.scenario));
  REQUIRE(run.ok());
  (*run)->finish();
  const EventLog& log = (*run)->log();
  std::vector<sim::FaultSpec> orders = {{.at = log[log.size() / 3].t, .action = sim::Pause{{1}}},
                                        {.at = log[log.size() / 2].t, .action = sim::Resume{{1}}},
                                        {.at = log.end_time(), .action = sim::Kill{{1}}}};
  sim::Delay delay;
  delay.by = sim::Distribution::uniform(1, 90'001);
  const sim::FaultSpec late{.at = log[log.size() / 3].t, .times = 2, .action = delay};
  orders.insert(orders.begin() + 1, late);
  return orders;
}

TEST_CASE("the trace of a saved run is that of the run, and its lesson goes with it") {
  const test::TemporaryFolder folder("saved");
  const test::WithVariable data("XDG_DATA_HOME", folder / "data");
  const char* name = GENERATE("first-send.json", "backpressure.json", "leader-dies.json", "slow-broker.json",
                              "version-profiles.json");
  const ScenarioFile file = opened(test::repository("scenarios/") + name);
  Recipe recipe = recipe_of(file.scenario, 77);
  recipe.orders = some_orders(file);
  HandWork work;
  for (const sim::FaultSpec& order : recipe.orders) work.orders.push_back({order, ""});
  const auto path = save_scenario(file, 77, work);
  REQUIRE(path);
  CHECK(fs::path(*path).parent_path() == folder.path() / "data" / "sendscope");
  CHECK(saved_scenarios() == std::vector<std::string>{*path});
  const ScenarioFile again = opened(*path);
  INFO(again.text);
  CHECK(trace_of(recipe_of(again.scenario), folder / "a") == trace_of(recipe, folder / "b"));
  CHECK(trace_of(recipe_of(file.scenario, 77), folder / "c") != bytes_of(folder / "b"));
  REQUIRE(again.lesson.size() == file.lesson.size());
  for (std::size_t i = 0; i < file.lesson.size(); ++i) CHECK(again.lesson[i].text == file.lesson[i].text);
}

TEST_CASE(
    "a scenario of one's own is saved beside it under a new name, as it was written, and nothing is lost") {
  const test::TemporaryFolder folder("saved");
  const std::string text = bytes_of(test::repository("scenarios/first-send.json"));
  std::ofstream(folder / "mine-2.json") << text;
  fs::copy_file(test::repository("scenarios/first-send.md"), folder / "first-send.md");
  std::ofstream(folder / "mine-4.md") << "notes of somebody";
  const ScenarioFile file = opened(folder / "mine-2.json");
  const HandWork nothing;
  CHECK(*save_scenario(file, file.scenario.seed, nothing) == folder / "mine-3.json");
  CHECK(bytes_of(folder / "mine-3.json") == text);
  CHECK(*save_scenario(file, file.scenario.seed, nothing) == folder / "mine-5.json");
  CHECK(bytes_of(folder / "mine-4.md") == "notes of somebody");
  CHECK(opened(folder / "mine-5.json").scenario.lesson == "first-send.md");
}

TEST_CASE("what was dropped is not saved") {
  const ScenarioFile file = opened(test::repository("scenarios/first-send.json"));
  HandWork work;
  work.orders = {{{.at = 5, .action = sim::Pause{{1}}}, "no such thing"}};
  CHECK(*text_with_hand_work(file, file.scenario.seed, work) == file.text);
}

TEST_CASE("where nothing can be saved the reason is told") {
  const test::TemporaryFolder folder("saved");
  std::ofstream(folder / "sendscope") << "a file where the folder should be";
  const test::WithVariable data("XDG_DATA_HOME", folder.path().string());
  const ScenarioFile file = opened(test::repository("scenarios/first-send.json"));
  const auto saved = save_scenario(file, file.scenario.seed, {});
  REQUIRE_FALSE(saved.ok());
  CHECK(saved.error().message.find(folder / "sendscope") != std::string::npos);
  CHECK_FALSE(save_scenario(file, UINT64_MAX, {}).ok());  // a seed that no scenario can have
}

}  // namespace
}  // namespace sendscope::run
