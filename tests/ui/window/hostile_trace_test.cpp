// Traces whose checksums are right and whose events are nonsense: they reach everything behind the reader,
// and nothing there may crash, hang or ask for memory without end.
#include <cstddef>
#include <cstring>

#include "core/base/bytes.h"
#include "core/base/prng.h"
#include "core/event/event_packing.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"
#include "core/event/trace_format.h"
#include "core/model/pipeline_model.h"
#include "core/model/state_json.h"
#include "sim/run/replay_session.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"
#include "tests/support/repository.h"
#include "ui/layout/tracks.h"
#include "ui/panels/offscreen.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {

using namespace run;

namespace {

std::string trace_of(const std::string& scenario) {
  const testing::ProgramFolder folder;
  const ScenarioFileLoad load = open_scenario(test::repository("scenarios/") + scenario);
  REQUIRE(load.file.has_value());
  SimulatedRunOptions options;
  options.trace_file = folder.path("t.trace");
  auto run = SimulatedRun::create(recipe_of(load.file->scenario), options);
  REQUIRE(run.ok());
  (*run)->finish();
  return folder.read("t.trace");
}

static_assert(offsetof(Event, kind) == 8 && offsetof(Event, a) == 24);

// Changes a few events: bytes of any field, fields to their limits, whole events to copies of others.
void mutate(std::vector<Event>& events, Prng& random) {
  constexpr std::size_t kFieldAt[] = {0, 8, 10, 12, 16, 24, 28, 32};
  for (std::uint64_t n = 1 + random.below(6); n > 0; --n) {
    Event& event = events[random.below(events.size())];
    char* const bytes = reinterpret_cast<char*>(&event);
    const std::size_t field = random.below(7);
    const std::size_t from = kFieldAt[field], size = kFieldAt[field + 1] - from;
    switch (random.below(5)) {
      case 0: bytes[random.below(sizeof(Event))] = static_cast<char>(random.below(256)); break;
      case 1: std::memset(bytes + from, random.below(2) == 0 ? 0 : 0xff, size); break;
      case 2:
        std::memset(bytes + from, static_cast<int>(random.below(12)), 1);
        break;  // a small other number
      case 3: event.kind = static_cast<EventKind>(random.below(kEventKindCount)); break;
      default: event = events[random.below(events.size())];
    }
    // Unknown kinds end the reading; what is behind the reader is meant here.
    if (event.kind >= EventKind::count_) event.kind = EventKind::run_started;
  }
}

// The header and the strings of a trace, with other events behind them.
std::string trace_with(const std::string& head, const std::vector<Event>& events) {
  std::vector<std::byte> body, end;
  EventPacker packer(body);
  for (const Event& event : events) packer.add(event);
  ByteWriter(end).i64(static_cast<std::int64_t>(events.size()));
  const auto count = static_cast<std::uint32_t>(events.size());
  std::string out = head;
  for (const auto& block :
       {trace::make_block(trace::kPacked, count, body), trace::make_block(trace::kEnd, 1, end)}) {
    out.append(reinterpret_cast<const char*>(block.data()), block.size());
  }
  return out;
}

// Where the first block that is none of strings begins.
std::size_t end_of_strings(const std::string& bytes) {
  const auto u32_at = [&](std::size_t at) {
    return ByteReader(std::as_bytes(std::span(bytes.data() + at, 4))).u32();
  };
  constexpr std::size_t kMetadataLength = 8 + 4 + 4 + 8;
  std::size_t at = kMetadataLength + 4 + u32_at(kMetadataLength) + trace::kChecksumBytes;
  while (bytes[at] == trace::kStrings) at += trace::kBlockHeadBytes + u32_at(at + 5) + trace::kChecksumBytes;
  return at;
}

void look_at(std::unique_ptr<Trace> trace, Offscreen& offscreen, Prng& random) {
  Workbench bench(std::make_unique<ReplaySession>(std::move(trace), "hostile.trace"));
  const std::size_t size = bench.log().size();
  for (int i = 0; i < 3; ++i) {
    bench.act(act(Verb::kSeekEvent, static_cast<std::int64_t>(random.below(size + 1))), 1280, 720);
    const Event& event = bench.log()[random.below(size)];
    const Subject subjects[] = {batch_subject(static_cast<BatchId>(event.subject)),
                                request_subject(static_cast<RequestId>(event.subject)),
                                record_subject(event.subject),
                                node_subject(static_cast<NodeId>(event.place)),
                                partition_subject(event.place),
                                producer_subject(event.actor)};
    bench.view().page = static_cast<SidePage>(random.below(3));
    bench.view().pool_reasons = random.below(2) == 0;
    bench.view().side_by_side = random.below(4) == 0;
    bench.act(select_action(subjects[random.below(std::size(subjects))]), 1280, 720);
    REQUIRE(bench.frame(offscreen.fonts(), 1280, 720).shapes.size() < 100'000);
  }
}

}  // namespace

TEST_CASE("a hundred thousand traces with nonsense behind right checksums are folded, told and drawn") {
  Prng random(20260102);
  Offscreen offscreen(1);
  std::size_t whole = 0;
  const std::string names[] = {"first-send.json", "one-in-flight.json", "retries-zero.json"};
  for (const std::string& name : names) {
    const std::string good = trace_of(name);
    const std::string head = good.substr(0, end_of_strings(good));
    const auto whole_trace = parse_trace(good, "good");
    REQUIRE(whole_trace.ok());
    std::vector<Event> told;
    for (std::size_t i = 0; i < (*whole_trace)->log.size(); ++i) told.push_back((*whole_trace)->log[i]);
    REQUIRE(parse_trace(trace_with(head, told), "same").value()->damage.empty());
    for (int round = 0; round < 100'000 / 3 + 1; ++round) {
      std::vector<Event> events = told;
      mutate(events, random);
      auto trace = parse_trace(trace_with(head, events), "m");
      REQUIRE(trace.ok());
      if (!(*trace)->damage.empty()) continue;
      ++whole;
      const EventLog& log = (*trace)->log;
      PipelineModel model;
      for (std::size_t i = 0; i < log.size(); ++i) model.apply(log[i]);
      if (round % 20 == 0) {
        Tracks tracks;
        for (std::size_t i = 0; i < log.size(); ++i) tracks.apply(log[i]);
        const std::size_t one = random.below(log.size());
        REQUIRE(narrate(log[one], log.strings(), log.names()).size() < 10'000);
        REQUIRE(state_json(model, log.strings()).size() < 10'000'000);
      }
      if (round % 200 == 0) look_at(std::move(*trace), offscreen, random);
    }
  }
  CHECK(whole > 70'000);
}

}  // namespace sendscope::ui
