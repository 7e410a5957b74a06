// A producer's I/O thread in virtual time: runs the Sender when bytes arrive, when it is woken, and a little
// after the time it named. A callback that takes its time keeps it busy: nothing is read or sent meanwhile.
//
// A wait that runs out ends at the next whole millisecond (see next_whole_milli) and up to kMaxScheduling
// later, drawn from a sequence of the producer's own, which nothing but its name and the seed decides.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "core/base/prng.h"
#include "core/base/waiter.h"
#include "core/event/sink.h"
#include "sim/load.h"
#include "sim/loop.h"
#include "sim/network.h"

namespace sendscope {
class Producer;
class SendOp;
}  // namespace sendscope

namespace sendscope::sim {

class IoThread final : public TransportOwner, public Waiter, private Process {
 public:
  // After a wait has run out, it takes at most so long until the thread runs.
  static constexpr Nanos kMaxScheduling = 200 * kNanosPerMicro;

  IoThread(Loop& loop, EventSink& sink, std::uint16_t producer_index, const std::string& producer_name,
           std::uint64_t seed);
  ~IoThread() override;

  // REQUIRES: called once, before the loop runs
  void attach(Producer& producer) { producer_ = &producer; }
  Producer& producer() { return *producer_; }
  // The run is over, the producer goes away.
  void abandon();

  // ---- TransportOwner, Waiter
  void on_network_activity(Nanos now) override;
  void wake() noexcept override;

  // ---- for callbacks
  // Whether the Sender runs at this moment: a callback that is called now is on this thread.
  bool running() const { return running_; }
  // The callback that is running takes so long.
  void take(Nanos duration);
  // The callback sends a record; the thread waits where Java's would. `context` is told the outcome.
  void send_from_callback(const SendStep& step, const ValueBytes& bytes, Prng& prng, std::uint16_t thread,
                          Delivery delivery);

  std::uint16_t producer_index() const { return index_; }
  bool exited() const;
  // Whether there is something that it must bring to an end: a batch, a request in flight, the end of a
  // transaction. What a producer does for ever (it asks for metadata now and then) is none of that.
  bool busy() const;

 private:
  enum Tag : std::uint32_t { kRun, kCallbackEnds };
  // Records a callback wants to send; while one of them waits, so does the thread.
  struct CallbackSend {
    std::unique_ptr<RecordSource> source;
    Prng* prng = nullptr;
    std::uint16_t thread = 0;
    Delivery delivery;
    std::unique_ptr<SendOp> op;
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  std::optional<Occurrence> tell(std::uint32_t tag, std::uint64_t) const override {
    if (tag != kRun || exited()) return Occurrence{};
    return Occurrence{.kind = OccurrenceKind::kSenderRuns, .producer = index_};
  }
  void poke(Nanos now);
  void schedule(Nanos time, Weight weight);
  Nanos end_of_wait(Nanos now, Nanos due);
  bool run_callback_sends(Nanos now);

  Loop& loop_;
  EventSink& sink_;
  std::uint16_t index_;
  Prng scheduling_;
  Producer* producer_ = nullptr;
  TimerId timer_ = kNoTimer;
  Nanos timer_time_ = 0;
  Nanos busy_until_ = 0;
  bool running_ = false;
  bool poked_ = false;
  std::deque<CallbackSend> callback_sends_;
};

}  // namespace sendscope::sim
