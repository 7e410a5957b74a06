// What a live run keeps of itself, without brokers: events go into the sink by hand.
#include "ui/live/live_recording.h"

#include <algorithm>
#include <filesystem>

#include "core/event/narration.h"
#include "core/model/pipeline_model.h"
#include "core/model/state_json.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"
#include "tests/support/shipped_scenarios.h"

using namespace sendscope;
using namespace sendscope::run;
using namespace sendscope::ui;
using sendscope::testing::ProgramFolder;
using sendscope::testing::ProgramResult;

namespace {

std::unique_ptr<LiveRecording> recording_of(EventSink& sink, RecordingOptions options) {
  auto recording = LiveRecording::create(sink, std::move(options));
  REQUIRE(recording.ok());
  return std::move(*recording);
}

// Event n of a run with 50,000 a second.
void emit(EventSink& sink, std::uint64_t n) {
  sink.emit({.t = static_cast<Nanos>(n) * 20'000, .kind = EventKind::latch_released, .subject = n});
}

// What does not depend on what was on its way.
void check_standing(const ProducerModel& model, const ProducerModel& whole) {
  CHECK(model.client_id == whole.client_id);
  CHECK(model.pool.total == whole.pool.total);
  CHECK(model.pool.available == whole.pool.available);
  CHECK(std::is_permutation(model.config.begin(), model.config.end(), whole.config.begin(),
                            whole.config.end()));
  CHECK(model.txn == whole.txn);
  CHECK(model.sticky == whole.sticky);
  CHECK(model.metadata.version == whole.metadata.version);
  for (const auto& [node, link] : whole.links) {
    const auto own = model.links.find(node);
    REQUIRE(own != model.links.end());
    CHECK(own->second.state == link.state);
  }
  for (const auto& [index, partition] : whole.partitions) {
    const auto own = model.partitions.find(index);
    if (own == model.partitions.end()) continue;
    CHECK(own->second.leader == partition.leader);
    CHECK(own->second.next_sequence == partition.next_sequence);
    CHECK(own->second.unresolved == partition.unresolved);
  }
}

}  // namespace

TEST_CASE("a recording keeps a handful of events in memory, and all of them in the file") {
  const ProgramFolder folder;
  EventSink sink;
  const auto recording = recording_of(sink, {.trace = folder.path("t.trace"), .metadata = "{}"});
  std::size_t most = 0;
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    emit(sink, n);
    if (n % 100 != 99) continue;
    recording->take(static_cast<Nanos>(n) * 20'000);
    most = std::max(most, recording->waiting());
  }
  CHECK(most < 40'000);
  CHECK(recording->log().empty());
  REQUIRE(recording->finish().ok());
  CHECK(recording->news().empty());
  CHECK(recording->summary() == "trace " + folder.path("t.trace") + ": 1 000 000 events");
  const auto trace = read_trace(folder.path("t.trace"));
  REQUIRE(trace.ok());
  CHECK((*trace)->damage.empty());
  REQUIRE((*trace)->log.size() == 1'000'000);
  for (std::size_t i = 0; i < 1'000'000; ++i) REQUIRE((*trace)->log[i].subject == i);
}

TEST_CASE("a second of a recording is never only in memory") {
  const ProgramFolder folder;
  EventSink sink;
  const auto recording = recording_of(sink, {.trace = folder.path("t.trace"), .metadata = "{}"});
  for (std::uint64_t n = 0; n < 500; ++n) {  // one event every 10 ms
    sink.emit({.t = static_cast<Nanos>(n) * 10 * kNanosPerMilli, .kind = EventKind::latch_released});
    recording->take(static_cast<Nanos>(n) * 10 * kNanosPerMilli);
    const auto trace = read_trace(folder.path("t.trace"));
    REQUIRE(trace.ok());
    REQUIRE((*trace)->log.size() + 100 > n);
  }
}

TEST_CASE("the end of a run that is recorded says how much of it") {
  const ProgramFolder folder;
  EventSink sink;
  const auto recording =
      recording_of(sink, {.trace = folder.path("t.trace"), .metadata = "{}", .last = 2 * kNanosPerSecond});
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    emit(sink, n);
    if (n % 100 == 99) recording->take(static_cast<Nanos>(n) * 20'000);
  }
  REQUIRE(recording->finish().ok());
  const auto trace = read_trace(folder.path("t.trace"));
  REQUIRE(trace.ok());
  CHECK((*trace)->log.size() >= 100'000);
  CHECK((*trace)->log.size() < 110'000);
  CHECK((*trace)->log[0].kind == EventKind::events_lost);
  CHECK(recording->summary().find("t.trace: of the last 2 s, 10") != std::string::npos);
  CHECK(recording->summary().find(" events of 1 000 000") != std::string::npos);
}

TEST_CASE("the end of any run can be folded, told and drawn, and what stands is what stood") {
  const ProgramFolder folder;
  for (const std::string& path : test::shipped_scenarios()) {
    INFO(path);
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    auto run = SimulatedRun::create(recipe_of(load.file->scenario));
    REQUIRE(run.ok());
    auto writer = TraceWriter::create(folder.path("t.trace"), "{}", (*run)->simulation().until() / 1000);
    REQUIRE(writer.ok());
    while ((*run)->step()) REQUIRE((*writer)->flush((*run)->log()).ok());
    REQUIRE((*writer)->close((*run)->log()).ok());
    const auto trace = read_trace(folder.path("t.trace"));
    REQUIRE(trace.ok());
    REQUIRE((*trace)->damage.empty());
    const EventLog& log = (*trace)->log;
    REQUIRE(log.size() < (*run)->log().size());
    PipelineModel model;
    for (std::size_t i = 0; i < log.size(); ++i) {
      model.apply(log[i]);
      REQUIRE_FALSE(narrate(log[i], log.strings(), log.names()).empty());
    }
    const PipelineModel& whole = (*run)->model();
    CHECK(model.run.events_lost > 0);
    CHECK(model.run.title == whole.run.title);
    CHECK(log.names() == (*run)->log().names());
    CHECK_FALSE(state_json(model, log.strings()).empty());
    REQUIRE(model.producers.size() == whole.producers.size());
    for (std::size_t i = 0; i < model.producers.size(); ++i)
      check_standing(model.producers[i], whole.producers[i]);
    for (std::size_t i = 0; i < model.threads.size(); ++i)
      CHECK(model.threads[i].state == whole.threads[i].state);
    CHECK(folder.run("render t.trace --size 640x400 -o t.png").exit_code == 0);
  }
}

TEST_CASE("a disk that is full is told at once and once, the run goes on, and nothing is kept in memory") {
  if (!std::filesystem::exists("/dev/full")) return;
  const ProgramFolder folder;
  std::filesystem::create_symlink("/dev/full", folder.path("t.trace.unfinished"));
  EventSink sink;
  const auto recording = recording_of(sink, {.trace = folder.path("t.trace"), .metadata = "{}"});
  std::string news;
  for (std::uint64_t n = 0; n < 100'000; ++n) {
    emit(sink, n);
    if (n % 100 != 99) continue;
    recording->take(static_cast<Nanos>(n) * 20'000);
    if (n == 99) news = recording->news();
    if (n > 99) REQUIRE(recording->news().empty());
  }
  CHECK(news.find("No space left on device") != std::string::npos);
  CHECK(news.find("Nothing more is recorded, the run goes on.") != std::string::npos);
  CHECK_FALSE(sink.wants(EventKind::latch_released));
  CHECK(recording->waiting() < 40'000);
  const Result<void> finished = recording->finish();
  REQUIRE_FALSE(finished.ok());
  CHECK(finished.error().message.find("No space left on device") != std::string::npos);
  CHECK_FALSE(folder.has("t.trace"));
}

TEST_CASE("a window's log ends at its limit and says so, while the trace goes on") {
  const ProgramFolder folder;
  EventSink sink;
  const auto recording = recording_of(
      sink, {.trace = folder.path("t.trace"), .metadata = "{}", .watched = true, .most_watched = 5000});
  const StringId word = sink.intern("a word");
  sink.emit({.kind = EventKind::run_started, .a = word});
  for (std::uint64_t n = 1; n < 20'000; ++n) {
    emit(sink, n);
    if (n % 100 == 99) recording->take(static_cast<Nanos>(n) * 20'000);
  }
  CHECK(recording->log().size() == 5000);
  CHECK(recording->log().strings().view(recording->log()[0].a) == "a word");
  CHECK(recording->log()[4999].subject == 4999);
  CHECK(recording->news() ==
        "after 5000 events the window shows no more of what happens; the trace and the load go on.");
  REQUIRE(recording->finish().ok());
  const auto trace = read_trace(folder.path("t.trace"));
  REQUIRE(trace.ok());
  CHECK((*trace)->log.size() == 20'000);
}

TEST_CASE("a window without a trace makes no more events when its log is full") {
  EventSink sink;
  const auto recording =
      recording_of(sink, {.trace = "", .metadata = "", .watched = true, .most_watched = 5000});
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    emit(sink, n);
    if (n % 100 == 99) recording->take(static_cast<Nanos>(n) * 20'000);
  }
  CHECK(recording->log().size() == 5000);
  CHECK_FALSE(sink.wants(EventKind::latch_released));
  CHECK(recording->news() == "after 5000 events the window shows no more of what happens; the load goes on.");
  CHECK(recording->summary().empty());
  CHECK(recording->finish().ok());
}

TEST_CASE("events that came too fast are told at once, and counted at the end") {
  const ProgramFolder folder;
  EventSink sink(1024);
  const auto recording = recording_of(sink, {.trace = folder.path("t.trace"), .metadata = "{}"});
  for (std::uint64_t n = 0; n < 1500; ++n) emit(sink, n);
  recording->take(0);
  CHECK(recording->news().find("476 are lost already") != std::string::npos);
  for (std::uint64_t n = 0; n < 1500; ++n) emit(sink, n);
  recording->take(1);
  CHECK(recording->news().empty());
  REQUIRE(recording->finish().ok());
  CHECK(recording->summary().find("; 952 were lost because they came too fast") != std::string::npos);
}

TEST_CASE("a live command that is killed leaves a trace that can be read under its name") {
  const ProgramFolder folder;
  // Nobody answers; what the producer tries is recorded all the same.
  const ProgramResult killed = folder.shell(
      "\"$SENDSCOPE\" live --headless -b 127.0.0.1:1 -t orders --rate 10/s --for 20s -X max.block.ms=1000 "
      "--trace t.trace & "
      "until \"$SENDSCOPE\" replay t.trace 2>/dev/null | grep -q connect; do kill -0 $! || exit 9; done; "
      "kill -9 $!; wait $! 2>/dev/null; test ! -e t.trace; \"$SENDSCOPE\" replay t.trace");
  INFO(killed.err);
  CHECK(killed.exit_code == 2);
  CHECK(killed.out.find("The run starts: live: orders at 127.0.0.1:1") != std::string::npos);
  CHECK(killed.err.find("t.trace: the recording ends early, at ") != std::string::npos);
  for (const std::string words :
       {"state t.trace --event 1 --json", "render t.trace --at 0ms --size 320x240 -o t.png"})
    CHECK(folder.run(words).exit_code == 0);
}

TEST_CASE("how much of the end of a run is kept is checked") {
  const ProgramFolder folder;
  const std::string live = "live --headless -b 127.0.0.1:1 -t t --count 1 -X max.block.ms=100 ";
  CHECK(folder.run(live + "--trace t.trace --trace-last soon").exit_code == 2);
  CHECK(folder.run(live + "--trace t.trace --trace-last 10ms").err.find("expected 1s or more") !=
        std::string::npos);
  CHECK(folder.run(live + "--trace-last 5min").err.find("--trace") != std::string::npos);
  const ProgramResult kept = folder.run(live + "--trace t.trace --trace-last 5min");
  CHECK(kept.err.find("trace t.trace: of the last 5 min, ") != std::string::npos);
  CHECK(folder.run("replay t.trace").exit_code == 0);
}
