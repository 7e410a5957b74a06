// Traces whose checksums are right and whose events are nonsense: they reach everything behind the reader,
// and nothing there may crash, hang or ask for memory without end.
#include <cstring>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/base/prng.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"
#include "core/event/trace_format.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"
#include "tests/ui/app/program.h"
#include "ui/app/scenario_file.h"
#include "ui/app/simulated_run.h"
#include "ui/app/workbench.h"
#include "ui/layout/tracks.h"
#include "ui/model/pipeline_model.h"
#include "ui/model/state_json.h"
#include "ui/panels/offscreen.h"

namespace sendscope::ui {
namespace {

class TraceSession final : public Session {
 public:
  explicit TraceSession(std::unique_ptr<Trace> trace) : trace_(std::move(trace)) {
    info_.kind = SessionKind::kTrace;
  }
  const SessionInfo& info() const override { return info_; }
  const EventLog& log() const override { return trace_->log; }
  std::uint64_t generation() const override { return 0; }
  bool advance(Nanos) override { return false; }
  bool finished() const override { return true; }
  bool can_submit() const override { return false; }
  Result<void> submit(const Command&) override { return Error(ErrorCode::kInvalidInput, "recorded"); }

 private:
  std::unique_ptr<Trace> trace_;
  SessionInfo info_;
};

std::string trace_of(const std::string& scenario) {
  const testing::ProgramFolder folder;
  const ScenarioFileLoad load = open_scenario(test::repository("scenarios/") + scenario);
  REQUIRE(load.file.has_value());
  SimulatedRunOptions options;
  options.trace_file = folder.path("t.trace");
  auto run = SimulatedRun::create(load.file->scenario, options);
  REQUIRE(run.ok());
  (*run)->finish();
  return folder.read("t.trace");
}

struct Block {
  std::size_t at = 0;
  std::size_t length = 0;  // of the body
  bool events = false;
  std::size_t body() const { return at + trace::kBlockHeadBytes; }
};

std::uint32_t u32_at(const std::string& bytes, std::size_t at) {
  return ByteReader(std::as_bytes(std::span(bytes.data() + at, 4))).u32();
}

std::vector<Block> blocks_of(const std::string& bytes) {
  constexpr std::size_t kMetadataLength = 8 + 4 + 4 + 8;
  std::size_t at = kMetadataLength + 4 + u32_at(bytes, kMetadataLength) + trace::kChecksumBytes;
  std::vector<Block> out;
  while (at < bytes.size()) {
    out.push_back({at, u32_at(bytes, at + 5), bytes[at] == trace::kEvents});
    at = out.back().body() + out.back().length + trace::kChecksumBytes;
  }
  return out;
}

void put_checksum(std::string& bytes, const Block& block) {
  const std::size_t end = block.body() + block.length;
  const std::uint32_t sum = crc32c(std::as_bytes(std::span(bytes.data() + block.at, end - block.at)));
  for (int i = 0; i < 4; ++i)
    bytes[end + static_cast<std::size_t>(i)] = static_cast<char>(sum >> (24 - 8 * i));
}

// Changes a few events: bytes of any field, fields to their limits, whole events to copies of others.
void mutate(std::string& bytes, const Block& block, Prng& random) {
  const std::size_t events = block.length / trace::kEventBytes;
  constexpr std::size_t kFieldAt[] = {0, 8, 10, 12, 16, 24, 28, 32};
  for (std::uint64_t n = 1 + random.below(6); n > 0; --n) {
    char* const event = bytes.data() + block.body() + random.below(events) * trace::kEventBytes;
    const std::size_t field = random.below(7);
    const std::size_t from = kFieldAt[field], size = kFieldAt[field + 1] - from;
    switch (random.below(5)) {
      case 0: event[random.below(trace::kEventBytes)] = static_cast<char>(random.below(256)); break;
      case 1: std::memset(event + from, random.below(2) == 0 ? 0 : 0xff, size); break;
      case 2: event[from + size - 1] = static_cast<char>(random.below(12)); break;  // a small other number
      case 3: event[9] = static_cast<char>(random.below(kEventKindCount)); break;
      default:
        std::memmove(event, bytes.data() + block.body() + random.below(events) * trace::kEventBytes,
                     trace::kEventBytes);
    }
  }
}

void look_at(std::unique_ptr<Trace> trace, Offscreen& offscreen, Prng& random) {
  Workbench bench(std::make_unique<TraceSession>(std::move(trace)));
  const std::size_t size = bench.log().size();
  for (int i = 0; i < 3; ++i) {
    bench.act(act(Verb::kSeekEvent, static_cast<std::int64_t>(random.below(size + 1))), 1280, 720);
    const Event& event = bench.log()[random.below(size)];
    const Subject subjects[] = {batch_subject(static_cast<BatchId>(event.subject)),
                                request_subject(static_cast<RequestId>(event.subject)),
                                record_subject(event.subject), node_subject(static_cast<NodeId>(event.place)),
                                partition_subject(event.place)};
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
    std::vector<Block> blocks;
    for (const Block& block : blocks_of(good)) {
      if (block.events) blocks.push_back(block);
    }
    REQUIRE(!blocks.empty());
    for (int round = 0; round < 100'000 / 3 + 1; ++round) {
      std::string bytes = good;
      const Block& block = blocks[random.below(blocks.size())];
      mutate(bytes, block, random);
      put_checksum(bytes, block);
      auto trace = parse_trace(bytes, "m");
      REQUIRE(trace.ok());
      if (!(*trace)->damage.empty()) continue;
      ++whole;
      const EventLog& log = (*trace)->log;
      PipelineModel model;
      for (std::size_t i = 0; i < log.size(); ++i) model.apply(log[i]);
      if (round % 20 == 0) {
        Tracks tracks;
        for (std::size_t i = 0; i < log.size(); ++i) tracks.apply(log[i]);
        const std::size_t told = random.below(log.size());
        REQUIRE(narrate(log[told], log.strings(), log.names()).size() < 10'000);
        REQUIRE(state_json(model, log.strings()).size() < 10'000'000);
      }
      if (round % 200 == 0) look_at(std::move(*trace), offscreen, random);
    }
  }
  CHECK(whole > 70'000);
}

}  // namespace sendscope::ui
