// An application thread: steps of a scenario, run in virtual time. It blocks where a thread that uses Kafka's
// Java producer would: for metadata, for memory, in flush, for a result, in close, at a barrier.
//
// Between two records of a step without a pace no time passes; other threads get their turn all the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/producer/producer.h"
#include "core/producer/transaction_offsets.h"
#include "sim/io_thread.h"
#include "sim/load.h"
#include "sim/step_cursor.h"

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
  bool finished() const { return std::holds_alternative<Closed>(activity_); }
  // The others have come to the barrier.
  void pass_barrier();

 private:
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

  // ---- what a thread can be doing; FlushOp and CloseOp are two more
  struct BetweenSteps {};
  struct Sending {
    Sending(const SendStep& step, const ValueBytes& bytes, CallbackContext* context_, Nanos now)
        : source(step, bytes, now), context(context_) {}

    RecordSource source;
    CallbackContext* const context;
    std::optional<Nanos> due;     // of the next record, once it is drawn
    std::optional<SendOp> op;     // the send in hand
    bool awaits_result = false;   // of the last record
    Nanos in_callback_until = 0;  // a callback that ran inside the last send
  };
  struct Sleeping {
    Nanos until;
  };
  struct AtBarrier {};
  struct Call {
    TransactionCall call;
    const OffsetsStep* offsets = nullptr;  // kSendOffsets only
    bool then_begin = false;               // a begin step follows it
  };
  struct InTransactionalCall {
    InTransactionalCall(const Call& made, Producer& producer, std::uint16_t thread, Waiter& waiter);

    const Call call;
    TransactionOp op;
  };
  struct BeginningTransaction {};
  struct Closed {};
  using Activity = std::variant<BetweenSteps, Sending, Sleeping, AtBarrier, FlushOp, CloseOp,
                                InTransactionalCall, BeginningTransaction, Closed>;

  enum class Progress : std::uint8_t { kGoesOn, kStops };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  std::optional<Occurrence> tell(std::uint32_t, std::uint64_t) const override {
    return Occurrence{
        .kind = OccurrenceKind::kThreadRuns, .producer = env_.io.producer_index(), .thread = index_};
  }
  void wake();
  void resume_at(Nanos time);
  void tell_state(ThreadState state, Nanos now);
  void run(Nanos now);
  Progress wait_for(BlockReason reason, Nanos deadline, Nanos now);
  Progress sleep_until(Nanos time, Nanos now);
  Progress yield(Nanos now);

  // As far as it goes at this moment. Each may end the activity it is given; nothing of it is read after
  // that.
  Progress advance(BetweenSteps&, Nanos now);
  Progress advance(Sending& sending, Nanos now);
  Progress advance(Sleeping& sleeping, Nanos now);
  Progress advance(AtBarrier&, Nanos now);
  Progress advance(FlushOp& flush, Nanos now);
  Progress advance(CloseOp& close, Nanos now);
  Progress advance(InTransactionalCall& in_call, Nanos now);
  Progress advance(BeginningTransaction&, Nanos now);
  Progress advance(Closed&, Nanos) { return Progress::kStops; }

  void begin(const Step& step, Nanos now);
  void begin_transactional(const Step& step);
  void call(const Call& what);
  void on_transactional_error(const Call& failed, const Error& error);

  Progress send_one(Sending& sending, Nanos now);
  Progress advance_send(Sending& sending, Nanos now);
  Progress after_send(Sending& sending, SendStatus status, Nanos now);
  void on_callback(CallbackContext& of);
  CallbackContext* context_of(const SendStep& step);
  static void callback(void* context, const Acknowledgement& acknowledgement);

  Environment env_;
  std::uint16_t index_;
  // Each purpose has its own: what is sent does not depend on when callbacks come.
  Prng pace_, records_, callbacks_;
  Wakeup wakeup_;
  StepCursor steps_;
  std::vector<std::unique_ptr<CallbackContext>> contexts_;
  Activity activity_;

  std::optional<ThreadState> told_state_;  // by the last event
  TimerId timer_ = kNoTimer;
  bool scheduled_now_ = false;
  std::uint32_t burst_ = 0;  // sends and rounds since others had their turn
  Nanos callback_time_ = 0;  // taken on this thread by callbacks, before it sleeps for them
};

}  // namespace sendscope::sim
