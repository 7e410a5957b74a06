// An application thread: steps of a scenario, run in virtual time. It blocks where a thread that uses Kafka's
// Java producer would: for metadata, for memory, in flush, for a result, in close, at a barrier.
//
// Between two records of a step without a pace no time passes; other threads get their turn all the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/producer/producer.h"
#include "core/producer/transaction_offsets.h"
#include "sim/io_thread.h"
#include "sim/load.h"

namespace sendscope::sim {

class VirtualThread;

// Where threads of a scenario meet: everyone goes on once all that name the barrier have come.
class Barriers {
 public:
  // Every thread that will ever come, before the run begins.
  void expect(const std::string& name) { ++meetings_[name].expected; }
  // True when this one was the last: the others have been let go.
  bool arrive(const std::string& name, VirtualThread& thread);

 private:
  struct Meeting {
    std::size_t expected = 0;
    std::vector<VirtualThread*> waiting;
  };
  std::map<std::string, Meeting> meetings_;
};

class VirtualThread final : private Process {
 public:
  struct Environment {
    Loop& loop;
    EventSink& sink;
    IoThread& io;
    const std::string& producer;  // its name
    const ValueBytes& bytes;
    Barriers& barriers;
    std::uint64_t seed;
    bool alone;  // the only thread of its producer
    std::function<void(const SetStep&)> set;
  };
  // `index` is the thread's number in the run, the actor of its events.
  VirtualThread(const ThreadSpec& spec, std::uint16_t index, const Environment& environment);
  ~VirtualThread();

  void start();
  bool finished() const { return state_ == ThreadState::kClosed; }
  // The others have come to the barrier.
  void pass_barrier();

 private:
  // The steps that are being run, innermost last.
  struct Level {
    const std::vector<Step>* steps;
    std::size_t next = 0;
    std::uint64_t rounds_left = 1;  // 0: for ever
  };
  // A send step's callbacks; they may come long after the step is over.
  struct CallbackContext {
    VirtualThread* thread;
    const SendStep* step;
  };
  class Wakeup final : public Waiter {
   public:
    explicit Wakeup(VirtualThread& thread) : thread_(thread) {}
    void wake() noexcept override { thread_.wake(); }

   private:
    VirtualThread& thread_;
  };
  enum class Progress : std::uint8_t { kGoesOn, kStops };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  void wake();
  void resume_at(Nanos time);
  void set_state(ThreadState state, Nanos now);
  void run(Nanos now);
  Progress begin_next_step(Nanos now);
  Progress begin(const Step& step, Nanos now);
  Progress continue_step(Nanos now);
  void begin_transactional(const Step& step);
  void call(TransactionCall call);
  Progress continue_transaction(Nanos now);
  bool steps_left() const;
  void on_transactional_error(TransactionCall call, const Error& error);
  Progress continue_send(Nanos now);
  Progress send_one(Nanos now);
  Progress after_send(SendStatus status, Nanos now);
  Progress advance_send(Nanos now);
  Progress wait_for(BlockReason reason, Nanos deadline, Nanos now);
  void on_callback(const SendStep& step);
  CallbackContext* context_of(const SendStep& step);
  static void callback(void* context, const Acknowledgement& acknowledgement);

  Environment env_;
  std::uint16_t index_;
  // Each purpose has its own: what is sent does not depend on when callbacks come.
  Prng pace_, records_, callbacks_;
  Wakeup wakeup_;
  std::vector<Level> levels_;
  std::vector<std::unique_ptr<CallbackContext>> contexts_;

  ThreadState state_ = ThreadState::kRunning;
  bool announced_ = false;
  TimerId timer_ = kNoTimer;
  bool scheduled_now_ = false;

  // The step in hand.
  std::unique_ptr<RecordSource> source_;
  bool due_known_ = false;
  Nanos due_ = 0;
  CallbackContext* context_ = nullptr;
  std::unique_ptr<SendOp> send_;
  std::unique_ptr<FlushOp> flush_;
  std::unique_ptr<CloseOp> close_;
  std::unique_ptr<TransactionOp> transaction_;
  TransactionCall transaction_call_{};
  const OffsetsStep* offsets_ = nullptr;
  bool begin_pending_ = false;  // until initTransactions() is over
  Nanos sleep_until_ = -1;
  Nanos extra_sleep_ = 0;  // a callback that ran on this thread
  bool awaiting_ = false;
  bool at_barrier_ = false;
  std::uint32_t burst_ = 0;
};

}  // namespace sendscope::sim
