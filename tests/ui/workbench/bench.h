// A workbench over a shipped scenario, run to its end and with another on its menu, for tests that go the way
// a person goes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/event/event_log.h"
#include "core/event/expectation.h"
#include "sim/run/sim_session.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"
#include "ui/layout/commands.h"
#include "ui/workbench/workbench.h"

namespace sendscope::test {

inline constexpr float kBenchW = 1280, kBenchH = 720;

inline std::unique_ptr<ui::Workbench> bench_of(const std::string& file) {
  auto session = run::open_session(test::repository("scenarios/" + file));
  if (!session) FAIL(session.error().message);
  auto bench = std::make_unique<ui::Workbench>(std::move(*session),
                                               std::vector<ui::MenuItem>{{"One", "first", "a.json"}});
  while (bench->wants_work()) bench->work(run::as_long_as_it_takes);
  return bench;
}

// The same with other expectations than the scenario's own.
inline std::unique_ptr<ui::Workbench> bench_expecting(const std::string& file,
                                                      const std::vector<std::string>& expectations) {
  run::ScenarioFileLoad load = run::open_scenario(test::repository("scenarios/" + file));
  REQUIRE(load.file);
  load.file->scenario.expect.clear();
  for (const std::string& text : expectations) load.file->scenario.expect.push_back(expectation(text));
  auto session = run::SimSession::create(*load.file);
  if (!session) FAIL(session.error().message);
  auto bench = std::make_unique<ui::Workbench>(std::move(*session));
  while (bench->wants_work()) bench->work(run::as_long_as_it_takes);
  return bench;
}

// Of a scenario that no file has.
inline std::unique_ptr<ui::Workbench> bench_of_text(const std::string& text) {
  sim::ScenarioLoad load = sim::load_scenario_text(text, "text");
  if (!load.loaded) FAIL(load.problems.front().message);
  auto session = run::SimSession::create({std::move(load.loaded->scenario), "text", text, {}, {}});
  if (!session) FAIL(session.error().message);
  auto bench = std::make_unique<ui::Workbench>(std::move(*session));
  while (bench->wants_work()) bench->work(run::as_long_as_it_takes);
  return bench;
}

// Presses a key.
inline void press_key(ui::Workbench& bench, const ui::Chord& chord) {
  const ui::Command* command = ui::command_of(chord);
  REQUIRE(command != nullptr);
  bench.act(ui::action_of(*command, bench.view(), chord), kBenchW, kBenchH);
}

inline void do_verb(ui::Workbench& bench, ui::Verb verb, std::int64_t value = 0) {
  bench.act(ui::act(verb, value), kBenchW, kBenchH);
}

}  // namespace sendscope::test
