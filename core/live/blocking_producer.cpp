#include "core/live/blocking_producer.h"

#include "core/live/asio_transport.h"
#include "core/live/io_thread.h"
#include "core/live/thread_parker.h"
#include "core/producer/future_record_metadata.h"
#include "core/producer/sender.h"

namespace sendscope::live {
namespace {

ThreadState state_of(BlockReason reason) {
  switch (reason) {
    case BlockReason::kMetadata: return ThreadState::kWaitingMetadata;
    case BlockReason::kMemory: return ThreadState::kWaitingMemory;
    case BlockReason::kFlush: return ThreadState::kFlushing;
    case BlockReason::kClose: return ThreadState::kClosing;
    case BlockReason::kTransaction: return ThreadState::kWaitingTransaction;
    default: return ThreadState::kWaitingResult;
  }
}

}  // namespace

struct BlockingProducer::Parts {
  Parts(const ProducerConfig& config, EventSink& sink_, const Clock& clock_, std::uint64_t seed)
      : sink(sink_),
        clock(clock_),
        random(seed),
        transport({config.send_buffer_bytes, config.receive_buffer_bytes}, clock_) {}

  void tell(std::uint16_t thread, ThreadState state) {
    sink.emit({.t = clock.now(),
               .kind = EventKind::thread_state,
               .actor = thread,
               .a = static_cast<std::uint32_t>(state)});
  }

  // How many calls are blocked, and how many of them for memory.
  std::atomic<int> blocked{0};
  std::atomic<int> blocked_for_memory{0};

  // Parks the thread whenever the operation is blocked, until it is done.
  template <typename Op>
  void drive(Op& op, ThreadParker& parker, std::uint16_t thread, BlockReason reason);

  EventSink& sink;
  const Clock& clock;
  PrngRandomSource random;
  AsioTransport transport;
  std::unique_ptr<Producer> producer;
  std::unique_ptr<IoThread> io;

  // Counts a call as blocked.
  struct Blocked {
    Blocked(Parts& parts_, BlockReason reason) : parts(parts_), for_memory(reason == BlockReason::kMemory) {
      ++parts.blocked;
      if (for_memory) ++parts.blocked_for_memory;
    }
    ~Blocked() {
      --parts.blocked;
      if (for_memory) --parts.blocked_for_memory;
    }
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

    Parts& parts;
    const bool for_memory;
  };

  Mutex close_mutex ACQUIRED_AFTER(lock_order::leaves);
  bool close_called GUARDED_BY(close_mutex) = false;
};

namespace {

Nanos deadline_of(const FlushOp&) { return kForever; }
template <typename Op>
Nanos deadline_of(const Op& op) {
  return op.deadline();
}

BlockReason reason_of(const SendOp& op, BlockReason) { return op.blocked_on(); }
template <typename Op>
BlockReason reason_of(const Op&, BlockReason reason) {
  return reason;
}

}  // namespace

template <typename Op>
void BlockingProducer::Parts::drive(Op& op, ThreadParker& parker, std::uint16_t thread, BlockReason reason) {
  bool told = false;
  for (;;) {
    const Step step = op.advance(clock.now());
    if (step == Step::kDone) break;
    if (step == Step::kYield) continue;
    const BlockReason now_for = reason_of(op, reason);
    if (!told) tell(thread, state_of(now_for));
    told = true;
    const Blocked counted(*this, now_for);
    parker.park_until(deadline_of(op));
  }
  if (told) tell(thread, ThreadState::kRunning);
}

Result<std::unique_ptr<BlockingProducer>> BlockingProducer::create(const ProducerConfig& config,
                                                                   ProducerPlugins plugins, EventSink& sink,
                                                                   const Clock& clock, std::uint64_t seed,
                                                                   std::uint16_t index) {
  auto parts = std::make_unique<Parts>(config, sink, clock, seed);
  Result<std::unique_ptr<Producer>> producer =
      Producer::create(config, {parts->transport, sink, parts->random, &parts->transport, index},
                       std::move(plugins), clock.now());
  if (!producer) return producer.error();
  parts->producer = std::move(*producer);
  parts->io = std::make_unique<IoThread>(parts->producer->sender(), parts->transport, clock);
  return std::unique_ptr<BlockingProducer>(new BlockingProducer(std::move(parts)));
}

BlockingProducer::BlockingProducer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

BlockingProducer::~BlockingProducer() {
  close(0);
  parts_->io.reset();
}

SendResult BlockingProducer::send(const Record& record, Delivery delivery, std::uint16_t thread,
                                  FutureRecordMetadata* future) {
  const Nanos now = parts_->clock.now();
  Record stamped = record;
  if (stamped.timestamp_ms == kNoTimestamp) stamped.timestamp_ms = parts_->clock.wall_millis(now);
  SendResult result;
  result.status = parts_->producer->try_send(stamped, delivery, now, thread, future, &result);
  if (result.status != SendStatus::kWouldBlock) return result;
  ThreadParker parker(parts_->clock);
  SendOp op(*parts_->producer, stamped, delivery, thread, parker, future);
  parts_->drive(op, parker, thread, BlockReason::kMemory);
  return op.result();
}

Result<RecordMetadata> BlockingProducer::wait(FutureRecordMetadata& future, std::uint16_t thread) {
  if (!future.is_done()) {
    if (parts_->io->is_current())
      return Error(ErrorCode::kIllegalState,
                   "a callback cannot wait for a record: the thread that it runs on completes all records");
    ThreadParker parker(parts_->clock);
    parts_->tell(thread, ThreadState::kWaitingResult);
    while (!future.await(parker)) {
      parker.park_until(kForever);
      future.cancel();
    }
    parts_->tell(thread, ThreadState::kRunning);
  }
  return future.get();
}

Result<void> BlockingProducer::flush(std::uint16_t thread) {
  if (parts_->io->is_current())
    return Error(ErrorCode::kKafkaException,
                 "flush() is not possible in a callback: the thread that it runs on completes all records");
  ThreadParker parker(parts_->clock);
  FlushOp op(*parts_->producer, thread, parker);
  parts_->drive(op, parker, thread, BlockReason::kFlush);
  return {};
}

Result<void> BlockingProducer::call(TransactionCall which, std::uint16_t thread) {
  ThreadParker parker(parts_->clock);
  TransactionOp op(*parts_->producer, which, thread, parker);
  parts_->drive(op, parker, thread, BlockReason::kTransaction);
  return op.result();
}

Result<void> BlockingProducer::init_transactions(std::uint16_t thread) {
  return call(TransactionCall::kInit, thread);
}

Result<void> BlockingProducer::begin_transaction(std::uint16_t thread) {
  return parts_->producer->begin_transaction(parts_->clock.now(), thread);
}

Result<void> BlockingProducer::send_offsets_to_transaction(TxnOffsets offsets, ConsumerGroupMetadata group,
                                                           std::uint16_t thread) {
  ThreadParker parker(parts_->clock);
  TransactionOp op(*parts_->producer, std::move(offsets), std::move(group), thread, parker);
  parts_->drive(op, parker, thread, BlockReason::kTransaction);
  return op.result();
}

Result<void> BlockingProducer::commit_transaction(std::uint16_t thread) {
  return call(TransactionCall::kCommit, thread);
}

Result<void> BlockingProducer::abort_transaction(std::uint16_t thread) {
  return call(TransactionCall::kAbort, thread);
}

void BlockingProducer::give_up() {
  parts_->producer->sender().give_up(parts_->clock.now());
  parts_->io->interrupt_sleep();
}

bool BlockingProducer::is_blocked() const { return parts_->blocked > 0; }

std::string BlockingProducer::waits_for() const {
  std::string text = parts_->producer->waits_for();
  if (parts_->blocked_for_memory > 0) text += (text.empty() ? "" : ", ") + std::string("memory of the pool");
  if (text.empty()) text = "answers to requests in flight";
  for (const std::string& trouble : troubles()) text += "; " + trouble;
  return text;
}

void BlockingProducer::close(Nanos timeout, std::uint16_t thread) {
  {
    MutexLock lock(parts_->close_mutex);
    if (parts_->close_called && parts_->producer->sender().exited()) return;
    parts_->close_called = true;
  }
  ThreadParker parker(parts_->clock);
  CloseOp op(*parts_->producer, thread, parker, timeout, parts_->io->is_current());
  parts_->drive(op, parker, thread, BlockReason::kClose);
}

Result<std::int32_t> BlockingProducer::partitions_for(std::string_view topic, std::uint16_t thread) {
  ThreadParker parker(parts_->clock);
  PartitionsForOp op(*parts_->producer, topic, thread, parker);
  parts_->drive(op, parker, thread, BlockReason::kMetadata);
  return op.result();
}

const ProducerConfig& BlockingProducer::config() const { return parts_->producer->config(); }

std::vector<MetricValue> BlockingProducer::metrics() const {
  return parts_->producer->metrics(parts_->clock.now());
}

std::vector<std::string> BlockingProducer::troubles(Nanos patience) const {
  return parts_->producer->troubles(parts_->clock.now(), patience);
}

}  // namespace sendscope::live
