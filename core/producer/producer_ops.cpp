// The other calls that may wait: flush(), close(), partitionsFor(). Kafka: KafkaProducer.
#include <deque>

#include "core/producer/metadata_wait.h"
#include "core/producer/producer_parts.h"

namespace sendscope {

// ---- flush

struct FlushOp::State {
  Producer::Parts& p;
  const std::uint16_t thread;
  Waiter& waiter;
  bool begun = false;
  bool ended = false;
  Nanos began = 0;
  std::deque<ResultPtr> results;  // still to be waited for; the waiter stands at the first

  void begin(Nanos now);
  void end();
};

FlushOp::FlushOp(Producer& producer, std::uint16_t thread, Waiter& waiter)
    : state_(new State{*producer.parts_, thread, waiter, false, false, 0, {}}) {}

FlushOp::~FlushOp() {
  if (!state_->results.empty()) state_->results.front()->cancel(state_->waiter);
  state_->end();
}

std::size_t FlushOp::remaining() const { return state_->results.size(); }

void FlushOp::State::begin(Nanos now) {
  begun = true;
  began = now;
  p.accumulator.begin_flush();
  p.sender.wakeup();
  for (ResultPtr& result : p.accumulator.incomplete_results()) results.push_back(std::move(result));
  p.environment.sink.emit(
      {now, EventKind::flush_began, thread, kNoPlace, 0, static_cast<std::uint32_t>(results.size()), 0});
}

void FlushOp::State::end() {
  if (begun && !ended) p.accumulator.end_flush();
  ended = true;
}

Step FlushOp::advance(Nanos now) {
  if (state_->ended) return Step::kDone;
  if (!state_->begun) state_->begin(now);
  std::deque<ResultPtr>& results = state_->results;
  while (!results.empty()) {
    if (!results.front()->await(state_->waiter)) return Step::kBlocked;
    results.front()->cancel(state_->waiter);
    const ResultPtr done = std::move(results.front());
    results.pop_front();
    for (const ProduceRequestResult::Part& part : done->parts()) results.push_back(part.result);
  }
  state_->end();
  state_->p.metrics.flushed(now - state_->began);
  state_->p.environment.sink.emit({now, EventKind::flush_ended, state_->thread, kNoPlace, 0, 0, 0});
  return Step::kDone;
}

// ---- close

struct CloseOp::State {
  Producer::Parts& p;
  const std::uint16_t thread;
  Waiter& waiter;
  const Nanos timeout;
  const bool in_callback;
  Nanos deadline = 0;
  bool begun = false;
  bool forced = false;
  bool done = false;
};

CloseOp::CloseOp(Producer& producer, std::uint16_t thread, Waiter& waiter, Nanos timeout, bool in_callback)
    : state_(new State{*producer.parts_, thread, waiter, in_callback ? 0 : timeout, in_callback}) {
  SENDSCOPE_CHECK(timeout >= 0);
}

CloseOp::~CloseOp() { state_->p.sender.stop_waiting(state_->waiter); }

Nanos CloseOp::deadline() const { return state_->forced ? kForever : state_->deadline; }

Step CloseOp::advance(Nanos now) {
  State& s = *state_;
  if (s.done) return Step::kDone;
  if (!s.begun) {
    s.begun = true;
    s.deadline = time_after(now, s.timeout);
    s.p.environment.sink.emit(
        {now, EventKind::close_began, s.thread, kNoPlace, static_cast<std::uint64_t>(s.timeout), 0, 0});
    if (s.timeout > 0) s.p.sender.initiate_close(now);
  }
  if (!s.p.sender.await_exit(s.waiter)) {
    if (now < s.deadline || s.forced) return Step::kBlocked;
    s.forced = true;
    s.p.sender.force_close(now);
    if (!s.in_callback) return Step::kBlocked;
  }
  s.p.sender.stop_waiting(s.waiter);
  s.done = true;
  s.p.environment.sink.emit({now, EventKind::close_ended, s.thread, kNoPlace, 0, s.forced ? 1u : 0u, 0});
  return Step::kDone;
}

// ---- partitionsFor

struct PartitionsForOp::State {
  State(Producer::Parts& p, std::string_view topic_, Waiter& waiter)
      : parts(p),
        topic(topic_),
        wait(p.metadata, p.sender, topic, kUnknownPartition, p.config.max_block_ms, waiter) {}

  Producer::Parts& parts;
  const std::string topic;
  MetadataWait wait;
  std::optional<Result<std::int32_t>> result;
};

PartitionsForOp::PartitionsForOp(Producer& producer, std::string_view topic, std::uint16_t, Waiter& waiter)
    : state_(std::make_unique<State>(*producer.parts_, topic, waiter)) {}
PartitionsForOp::~PartitionsForOp() = default;

Nanos PartitionsForOp::deadline() const { return state_->wait.deadline(); }
const Result<std::int32_t>& PartitionsForOp::result() const { return *state_->result; }

Step PartitionsForOp::advance(Nanos now) {
  State& s = *state_;
  if (s.result) return Step::kDone;
  if (s.wait.advance(now) == Step::kBlocked) return Step::kBlocked;
  const Result<std::shared_ptr<const Cluster>>& known = s.wait.result();
  if (known) {
    if (s.wait.waited()) s.parts.metrics.metadata_waited(*s.wait.waited());
    s.result.emplace((*known)->partition_count(s.topic));
  } else {
    s.result.emplace(known.error());
  }
  return Step::kDone;
}

}  // namespace sendscope
