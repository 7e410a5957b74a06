// Application threads with transactions, through the real producer: what each step does, and what the thread
// does when a call fails.
#include <algorithm>

#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

using Config = std::vector<std::pair<std::string, std::string>>;
const Config kTransactional = {{"transactional.id", "tx"}, {"linger.ms", "0"}};

Step send_to(PartitionId partition, std::uint64_t count = 1) {
  SendStep send = send_step(count);
  send.partition = partition;
  return {send};
}

std::vector<TxnMarker> markers(const SimRun& run) {
  std::vector<TxnMarker> out;
  for (const Event& event : run.of(EventKind::txn_marker)) out.push_back(static_cast<TxnMarker>(event.b));
  return out;
}

// The calls that returned, with their errors.
std::vector<std::pair<TransactionCall, ErrorCode>> calls(const SimRun& run, std::uint16_t thread = 0) {
  std::vector<std::pair<TransactionCall, ErrorCode>> out;
  for (const Event& event : run.of(EventKind::txn_call_ended)) {
    if (event.actor == thread)
      out.emplace_back(static_cast<TransactionCall>(event.a),
                       static_cast<ErrorCode>(static_cast<std::int32_t>(event.b)));
  }
  return out;
}

Scenario transactional(std::vector<Step> steps, std::int16_t version = 2) {
  Scenario scenario = base_scenario();
  scenario.cluster.config.transaction_version = version;
  add_producer(scenario, std::move(steps), kTransactional);
  return scenario;
}

// After it the transaction can only be aborted.
void refuse_first_batch(Scenario& scenario, ErrorCode error) {
  Respond refuse;
  refuse.api = ApiKey::kProduce;
  refuse.error = error;
  scenario.faults.push_back({.at = 0, .times = 1, .action = refuse});
}

}  // namespace

TEST_CASE("the first begin initializes; commit and abort end with their markers on every partition") {
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{2}}) {
    SimRun run(transactional({{BeginStep{}},
                              send_to(0),
                              send_to(1),
                              {CommitStep{}},
                              {BeginStep{}},
                              send_to(2),
                              {FlushStep{}},
                              {AbortStep{}}},
                             version));
    run.finish();
    CHECK(markers(run) == std::vector<TxnMarker>{TxnMarker::kCommit, TxnMarker::kCommit, TxnMarker::kAbort});
    CHECK(calls(run) ==
          std::vector<std::pair<TransactionCall, ErrorCode>>{{TransactionCall::kInit, ErrorCode::kNone},
                                                             {TransactionCall::kBegin, ErrorCode::kNone},
                                                             {TransactionCall::kCommit, ErrorCode::kNone},
                                                             {TransactionCall::kBegin, ErrorCode::kNone},
                                                             {TransactionCall::kAbort, ErrorCode::kNone}});
    CHECK(run.completed(false) == 3);
    CHECK(run.of(EventKind::thread_state).back().a == static_cast<std::uint32_t>(ThreadState::kClosed));
  }
}

TEST_CASE("a thread in a transactional call waits for the transaction") {
  SimRun run(transactional({{BeginStep{}}, send_to(0), {CommitStep{}}}));
  run.finish();
  std::size_t waits = 0;
  for (const Event& event : run.of(EventKind::thread_state))
    waits += event.a == static_cast<std::uint32_t>(ThreadState::kWaitingTransaction);
  CHECK(waits == 2);  // init and commit; begin waits for nothing
}

TEST_CASE("offsets are committed with the transaction") {
  OffsetsStep offsets{"readers", "orders", 1, 42};
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{2}}) {
    SimRun run(transactional({{BeginStep{}}, {offsets}, {CommitStep{}}}, version));
    run.finish();
    const auto committed = run.of(EventKind::group_offset);
    REQUIRE(committed.size() == 1);
    CHECK(committed[0].subject == 42);
    CHECK(committed[0].place == 1);
    SimRun aborted(transactional({{BeginStep{}}, {offsets}, {AbortStep{}}}, version));
    aborted.finish();
    CHECK(aborted.count(EventKind::group_offset) == 0);
  }
}

TEST_CASE("a commit that cannot be is followed by an abort, and the thread goes on") {
  Scenario scenario =
      transactional({{BeginStep{}}, send_to(0), {CommitStep{}}, {BeginStep{}}, send_to(0), {CommitStep{}}});
  refuse_first_batch(scenario, ErrorCode::kInvalidRecord);
  SimRun run(scenario);
  run.finish();
  const auto ended = calls(run);
  REQUIRE(ended.size() == 6);
  CHECK(ended[2].first == TransactionCall::kCommit);
  CHECK(ended[2].second != ErrorCode::kNone);
  CHECK(ended[3] == std::pair(TransactionCall::kAbort, ErrorCode::kNone));
  CHECK(ended[5] == std::pair(TransactionCall::kCommit, ErrorCode::kNone));
  CHECK(run.completed(false) == 1);
  CHECK(run.completed(true) == 1);
}

TEST_CASE("a thread does not wait for the result of a record that was refused when it was already queued") {
  SendStep refused = send_step(2);
  refused.partition = 0;
  refused.await = true;
  // After the first, send() throws in Java; after the second, it returns a future that has failed.
  for (const ErrorCode error : {ErrorCode::kInvalidRecord, ErrorCode::kInvalidProducerEpoch}) {
    Scenario scenario = transactional(
        {{BeginStep{}}, send_to(0), {SleepStep{Distribution::constant(kNanosPerSecond)}}, {refused}});
    refuse_first_batch(scenario, error);
    SimRun run(scenario);
    run.finish();
    const auto called = run.of(EventKind::send_called);
    REQUIRE(called.size() == 3);
    CHECK(called[1].t == called[2].t);
    const auto told = run.of(EventKind::thread_state);
    CHECK(std::none_of(told.begin(), told.end(), [](const Event& event) {
      return event.a == static_cast<std::uint32_t>(ThreadState::kWaitingResult);
    }));
    // Queued they were: their callbacks come all the same.
    CHECK(run.count(EventKind::record_appended) == 3);
    CHECK(run.completed(true) == 3);
  }
}

TEST_CASE("a fenced producer is closed and its thread is over") {
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{2}}) {
    Scenario scenario = transactional({{BeginStep{}},
                                       send_to(0),
                                       {FlushStep{}},
                                       {SleepStep{Distribution::constant(kNanosPerSecond)}},
                                       {CommitStep{}},
                                       {BeginStep{}},
                                       send_to(0)},
                                      version);
    add_producer(scenario,
                 {{SleepStep{Distribution::constant(300 * kNanosPerMilli)}},
                  {BeginStep{}},
                  send_to(0, 2),
                  {CommitStep{}}},
                 kTransactional);
    SimRun run(scenario);
    run.finish();
    CHECK(markers(run) == std::vector<TxnMarker>{TxnMarker::kAbort, TxnMarker::kCommit});
    CHECK(calls(run, 0).back() == std::pair(TransactionCall::kCommit, ErrorCode::kProducerFenced));
    CHECK(run.count(EventKind::close_ended) == 1);
    CHECK(calls(run, 1).back() == std::pair(TransactionCall::kCommit, ErrorCode::kNone));
  }
}

TEST_CASE("a commit outlives its coordinator") {
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{2}}) {
    Scenario scenario =
        transactional({{BeginStep{}}, send_to(0), send_to(1), send_to(2), {CommitStep{}}}, version);
    scenario.cluster.config.session_timeout = 500 * kNanosPerMilli;
    scenario.cluster.config.transaction_marker_delay = 100 * kNanosPerMilli;
    SimRun before(scenario);
    before.finish();
    const std::uint32_t node = before.of(EventKind::txn_coordinated).front().place;
    FaultSpec kill{.action = Kill{{static_cast<NodeId>(node)}}};
    for (const Event& event : before.of(EventKind::txn_coordinated)) {
      if (event.b == static_cast<std::uint32_t>(TxnStage::kPrepareCommit)) kill.at = event.t + 1;
    }
    scenario.faults.push_back(kill);
    SimRun run(scenario);
    run.finish();
    CHECK(calls(run).back() == std::pair(TransactionCall::kCommit, ErrorCode::kNone));
    CHECK(markers(run) == std::vector<TxnMarker>(3, TxnMarker::kCommit));
    const Event last = run.of(EventKind::txn_coordinated).back();
    CHECK(last.b == static_cast<std::uint32_t>(TxnStage::kCompleteCommit));
    CHECK(last.place != node);
  }
}

TEST_CASE("with set the brokers take smaller batches from then on") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep large = send_step(1);
  large.value.size = Distribution::constant(500);
  large.await = true;
  add_producer(scenario, {{large}, {SetStep{"message.max.bytes", "300"}}, {large}}, {{"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 1);
  CHECK(run.completed(true) == 1);
  CHECK(run.count(EventKind::broker_config_set) == 1);
}

TEST_CASE("what cannot be set, and transactions without an id, are refused before the run") {
  const auto problem = [](const Step& step, const Config& config) {
    Scenario scenario = base_scenario();
    add_producer(scenario, {step}, config);
    EventSink sink;
    const auto built = Simulation::create(scenario, 1, sink);
    return built.ok() ? std::string() : built.error().message;
  };
  CHECK(problem({SetStep{"linger.ms", "5"}}, {}).find("reads its configuration once") != std::string::npos);
  CHECK(problem({SetStep{"transaction.version", "3"}}, {}).find("transaction.version") != std::string::npos);
  CHECK(problem({SetStep{"transaction.version", "1"}}, {}).empty());
  for (const Step& step : {Step{InitStep{}}, Step{BeginStep{}}, Step{OffsetsStep{}}}) {
    CHECK(problem(step, {}).find("transactional.id") != std::string::npos);
    CHECK(problem(step, kTransactional).empty());
  }
}

}  // namespace sendscope::sim
