// What is clicked is what is hit: a fault of the right-click menu means one request, and no other.
#include <algorithm>
#include <optional>

#include "core/model/queries.h"
#include "sim/run/sim_session.h"
#include "tests/support/plain_measure.h"
#include "tests/ui/workbench/bench.h"
#include "ui/layout/fault_menu.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::kBenchH;
using test::kBenchW;

// The menu's entry of this name for the thing, at the cursor.
std::optional<sim::FaultSpec> offered(Workbench& bench, const Subject& subject, const std::string& label) {
  History history(bench.log());
  const auto choices = fault_choices(
      {history.model_at(bench.cursor().events), bench.log().strings(), bench.session().info().producers},
      subject);
  for (const FaultChoice& choice : choices) {
    if (choice.label.starts_with(label)) return choice.fault;
  }
  return std::nullopt;
}

std::vector<RequestId> in_flight(const Workbench& bench) {
  History history(bench.log());
  std::vector<RequestId> ids;
  for (const ProducerModel& producer : history.model_at(bench.cursor().events).producers) {
    for (const auto& [id, request] : producer.requests) {
      if (request.in_flight) ids.push_back(id);
    }
  }
  return ids;
}

// Does it and runs on to the end. Returns whether it was taken.
bool order(Workbench& bench, const sim::FaultSpec& fault) {
  const std::uint64_t generation = bench.session().generation();
  Action action = act(Verb::kFault);
  action.fault = std::make_shared<sim::FaultSpec>(fault);
  bench.act(action, kBenchW, kBenchH);
  bench.finish_work();
  return bench.session().generation() != generation;
}

std::vector<std::uint64_t> hit_by(const EventLog& log, EventKind kind, MessageKind what) {
  std::vector<std::uint64_t> subjects;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == kind && log[i].a == static_cast<std::uint32_t>(what))
      subjects.push_back(log[i].subject);
  }
  return subjects;
}

std::vector<std::uint64_t> refused(const EventLog& log, ErrorCode error) {
  std::vector<std::uint64_t> subjects;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == EventKind::log_refused &&
        static_cast<std::int16_t>(log[i].a) == static_cast<int>(error))
      subjects.push_back(log[i].subject);
  }
  return subjects;
}

std::string said(Workbench& bench) {
  const test::PlainMeasure measure;
  const Scene scene = bench.frame(measure, kBenchW, kBenchH);
  for (const Hit& hit : scene.hits) {
    if (hit.part == "notice") return "told";
  }
  return "";
}

TEST_CASE("the response that is dropped is that of the request clicked, whichever it is") {
  const auto [file, moments] = GENERATE(
      std::pair<const char*, std::vector<Nanos>>("backpressure.json",
                                                 {20'000'000, 60'000'000, 160'000'000, 319'504'000}),
      std::pair<const char*, std::vector<Nanos>>("slow-broker.json", {60'000'000, 300'000'000, 500'000'000}));
  std::size_t dropped = 0, behind = 0;
  const auto plain = bench_of(file);
  for (const Nanos at : moments) {
    do_verb(*plain, Verb::kSeek, at);
    for (const RequestId id : in_flight(*plain)) {
      const auto drop = offered(*plain, request_subject(id), "Drop its response");
      if (!drop) continue;
      const auto bench = bench_of(file);
      do_verb(*bench, Verb::kSeek, at);
      INFO(file << " at " << at << ", request " << id);
      REQUIRE(order(*bench, *drop));
      CHECK(hit_by(bench->log(), EventKind::message_lost, MessageKind::kResponse) ==
            std::vector<std::uint64_t>{id});
      CHECK(hit_by(bench->log(), EventKind::message_lost, MessageKind::kRequest).empty());
      ++dropped;
      behind += id != in_flight(*plain).front() ? 1 : 0;
    }
  }
  CHECK(dropped > 6);
  CHECK(behind > 3);  // it was not only the oldest that would have been hit anyway
}

TEST_CASE("delays and answers meet the request clicked") {
  const auto plain = bench_of("backpressure.json");
  do_verb(*plain, Verb::kSeek, 319'504'000);
  std::size_t done = 0;
  for (const RequestId id : in_flight(*plain)) {
    INFO(id);
    if (const auto delay = offered(*plain, request_subject(id), "Delay its response")) {
      const auto bench = bench_of("backpressure.json");
      do_verb(*bench, Verb::kSeek, 319'504'000);
      REQUIRE(order(*bench, *delay));
      CHECK(hit_by(bench->log(), EventKind::message_delayed, MessageKind::kResponse) ==
            std::vector<std::uint64_t>{id});
    }
    if (const auto answer = offered(*plain, request_subject(id), "Answer NOT_LEADER")) {
      const auto bench = bench_of("backpressure.json");
      do_verb(*bench, Verb::kSeek, 319'504'000);
      REQUIRE(order(*bench, *answer));
      CHECK(refused(bench->log(), ErrorCode::kNotLeaderOrFollower) == std::vector<std::uint64_t>{id});
      ++done;
    }
  }
  CHECK(done > 1);
}

TEST_CASE("an answer that is ordered for a batch is about its partition only") {
  const auto plain = bench_of("backpressure.json");
  do_verb(*plain, Verb::kSeek, 319'504'000);
  History history(plain->log());
  const PipelineModel& model = history.model_at(plain->cursor().events);
  std::size_t asked = 0;
  for (const auto& [id, request] : model.producers[0].requests) {
    for (const CarriedBatch& carried : request.batches) {
      const auto answer = offered(*plain, batch_subject(carried.batch), "Answer NOT_LEADER");
      if (!answer) continue;
      ++asked;
      const auto& respond = std::get<sim::Respond>(answer->action);
      CHECK(respond.request == number_of(id));
      REQUIRE(respond.partition);
      CHECK(to_string(*respond.partition) ==
            partition_name(model, plain->log().strings(), carried.partition));
    }
  }
  CHECK(asked > 1);
}

TEST_CASE("a request that cannot be hit any more is not replaced by another") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 319'504'000);
  const std::vector<RequestId> there = in_flight(*bench);
  REQUIRE_FALSE(there.empty());
  sim::Drop drop;
  drop.what = MessageKind::kResponse;
  drop.client = bench->session().info().producers.front();
  for (const RequestId gone : {RequestId{1}, there.front() - 1, there.back() + 1000}) {
    drop.request = static_cast<std::uint32_t>(number_of(gone));
    const std::size_t events = bench->log().size();
    CHECK_FALSE(order(*bench, {.times = 1, .action = drop}));
    CHECK(said(*bench) == "told");
    CHECK(bench->log().size() == events);
    do_verb(*bench, Verb::kClose);
  }
  // One whose answer is on its way: nothing that is ordered now can stop it.
  const EventLog& log = bench->log();
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind != EventKind::response_sent || log[i].t < 319'504'000) continue;
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(i) + 1);
    const auto request = static_cast<RequestId>(log[i].subject);
    CHECK_FALSE(offered(*bench, request_subject(request), "Drop its response"));
    // A moment before in the same nanosecond it seems possible, and is too late all the same.
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(i));
    if (bench->cursor().t != log[i].t) continue;
    drop.request = static_cast<std::uint32_t>(number_of(request));
    CHECK_FALSE(order(*bench, {.times = 1, .action = drop}));
    break;
  }
}

TEST_CASE("a fault by hand gives the same run again, also after another one") {
  const auto run = [](bool second) {
    auto bench = bench_of("backpressure.json");
    do_verb(*bench, Verb::kSeek, 319'504'000);
    const auto ids = in_flight(*bench);
    REQUIRE(ids.size() > 1);
    const auto drop = offered(*bench, request_subject(ids[ids.size() - 2]), "Drop its response");
    REQUIRE(drop);
    REQUIRE(order(*bench, *drop));
    do_verb(*bench, Verb::kSeek, 330'000'000);
    if (second) REQUIRE(order(*bench, {.action = sim::Pause{{1}}}));
    return bench;
  };
  const auto once = run(false), again = run(false), more = run(true);
  REQUIRE(once->log().size() == again->log().size());
  for (std::size_t i = 0; i < once->log().size(); ++i) REQUIRE(once->log()[i] == again->log()[i]);
  const std::size_t same = once->log().count_before(330'000'000);
  for (std::size_t i = 0; i < same; ++i) REQUIRE(once->log()[i] == more->log()[i]);
}

TEST_CASE("a connection that is reset is the one of the producer whose request was clicked") {
  const auto plain = bench_of("slow-broker.json");
  do_verb(*plain, Verb::kSeek, 300 * kNanosPerMilli);
  for (const RequestId id : in_flight(*plain)) {
    const auto reset = offered(*plain, request_subject(id), "Reset its connection");
    REQUIRE(reset);
    const std::optional<NodeId> node = std::get<sim::Disconnect>(reset->action).node;
    REQUIRE(node);
    const auto bench = bench_of("slow-broker.json");
    do_verb(*bench, Verb::kSeek, 300 * kNanosPerMilli);
    REQUIRE(order(*bench, *reset));
    const EventLog& log = bench->log();
    std::size_t mine = 0;
    for (std::size_t i = log.count_until(300 * kNanosPerMilli); i < log.size(); ++i) {
      if (log[i].kind != EventKind::request_failed) continue;
      INFO(i);
      CHECK(log[i].actor == producer_of_id(id));
      CHECK(log[i].place == static_cast<std::uint32_t>(*node));
      mine += log[i].subject == id ? 1 : 0;
    }
    CHECK(mine == 1);
  }
}

}  // namespace
}  // namespace sendscope::ui
