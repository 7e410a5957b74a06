// A workbench over a shipped scenario, run to its end and with another on its menu, for tests that go the way
// a person goes.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/event/event_log.h"
#include "core/event/expectation.h"
#include "sim/run/sim_session.h"
#include "tests/support/catch.h"
#include "tests/support/plain_measure.h"
#include "tests/support/repository.h"
#include "ui/layout/commands.h"
#include "ui/workbench/pointer.h"
#include "ui/workbench/workbench.h"

namespace sendscope::test {

inline constexpr float kBenchW = 1280, kBenchH = 720;

inline std::unique_ptr<ui::Workbench> bench_of(const std::string& file) {
  auto session = run::open_session(test::repository("scenarios/" + file));
  if (!session) FAIL(session.error().message);
  auto bench = std::make_unique<ui::Workbench>(std::move(*session),
                                               std::vector<ui::MenuItem>{{"One", "first", "a.json"}});
  bench->finish_work();
  return bench;
}

// Of a scenario as it is here, whatever its file says.
inline std::unique_ptr<ui::Workbench> bench_of(const run::ScenarioFile& file) {
  auto session = run::SimSession::create(file);
  if (!session) FAIL(session.error().message);
  auto bench = std::make_unique<ui::Workbench>(std::move(*session));
  bench->finish_work();
  return bench;
}

// With other expectations than the scenario's own.
inline std::unique_ptr<ui::Workbench> bench_expecting(const std::string& file,
                                                      const std::vector<std::string>& expectations) {
  run::ScenarioFileLoad load = run::open_scenario(test::repository("scenarios/" + file));
  REQUIRE(load.file);
  load.file->scenario.expect.clear();
  for (const std::string& text : expectations) load.file->scenario.expect.push_back(expectation(text));
  return bench_of(*load.file);
}

// Of a scenario that no file has.
inline std::unique_ptr<ui::Workbench> bench_of_text(const std::string& text) {
  sim::ScenarioLoad load = sim::load_scenario_text(text, "text");
  if (!load.loaded) FAIL(load.problems.front().message);
  return bench_of(run::ScenarioFile{std::move(load.loaded->scenario), "text", text, {}, {}});
}

inline std::vector<Event> events_of(const ui::Workbench& bench) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < bench.log().size(); ++i) events.push_back(bench.log()[i]);
  return events;
}

inline ui::Scene scene_of(ui::Workbench& bench) {
  const PlainMeasure measure;
  return bench.frame(measure, kBenchW, kBenchH);
}

// The boxes of this part, in the order drawn.
inline std::vector<ui::Hit> hits_of(const ui::Scene& scene, std::string_view part) {
  std::vector<ui::Hit> found;
  std::copy_if(scene.hits.begin(), scene.hits.end(), std::back_inserter(found),
               [&](const ui::Hit& hit) { return hit.part == part; });
  return found;
}

inline ui::Point middle(const ui::Rect& box) { return {box.middle_x(), box.middle_y()}; }

// Presses and releases there, on the frame as it is now.
inline void click(ui::Workbench& bench, ui::Point at, ui::PointerButton button = ui::PointerButton::kLeft) {
  ui::Pointer pointer(bench);
  pointer.resize(kBenchW, kBenchH);
  const ui::Scene scene = scene_of(bench);
  pointer.move(scene, at);
  pointer.press(scene, button);
  pointer.release(scene, button);
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
