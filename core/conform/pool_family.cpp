// The buffer pool under several threads: who gets memory when, who is signalled, how the line stands.
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "core/conform/family.h"
#include "core/producer/buffer_pool.h"

namespace sendscope::conform {

namespace {

constexpr Millis kLongestWait = 1'000'000'000;

class PoolReplay {
 public:
  explicit PoolReplay(const Json& header)
      : sink_(1u << 10),
        pool_(number_of(header, "total_memory", 0, 1 << 26),
              static_cast<std::int32_t>(number_of(header, "poolable_size", 1, 1 << 26)), sink_, 0) {
    for (std::int64_t i = 0; i < number_of(header, "threads", 0, 1000); ++i) {
      threads_.push_back(std::make_unique<Thread>(*this, static_cast<std::uint16_t>(i)));
    }
  }

  void play(const TranscriptLine& line, Report& report) {
    finished_ = Json::array();
    const Json& json = line.json;
    if (line.op() == "allocate") {
      Thread& thread = *threads_.at(json.at("thread").get<std::size_t>());
      require(!thread.allocation, "the thread is waiting already");
      thread.allocation.emplace(pool_, static_cast<std::size_t>(number_of(json, "size", 0, INT32_MAX)),
                                number_of(json, "timeout_ms", 0, kLongestWait), thread, thread.number);
      thread.arrival = next_arrival_++;
      look(thread);
    } else if (line.op() == "deallocate") {
      give_back(json);
    } else if (line.op() == "advance") {
      advance(number_of(json, "ms", 0, kLongestWait));
    } else if (line.op() == "close") {
      pool_.close(now_);
    } else {
      return report.differs("op", "allocate, deallocate, advance or close", std::string(line.op()));
    }
    run_woken();
    report.compare("out", json.at("out"), {{"finished", finished_}, {"signalled", take_signalled()}});
    report.compare("state", json.at("state"),
                   {{"available", pool_.available_memory()},
                    {"unallocated", pool_.unallocated_memory()},
                    {"free_buffers", pool_.free_blocks()},
                    {"queue", pool_.waiting_threads()}});
  }

 private:
  struct Thread final : Waiter {
    Thread(PoolReplay& replay_, std::uint16_t number_) : replay(replay_), number(number_) {}
    void wake() noexcept override {
      if (woken) return;
      woken = true;
      replay.woken_.push_back(this);
    }

    PoolReplay& replay;
    const std::uint16_t number;
    std::optional<AllocateOp> allocation;  // one that waits
    std::uint64_t arrival = 0;
    bool woken = false;
  };

  // One look of a thread at its allocation; when it is over, the thread is free again.
  void look(Thread& thread) {
    thread.woken = false;
    if (thread.allocation->advance(now_) == Step::kBlocked) return;
    Json line = {{"thread", thread.number}};
    Result<Buffer>& result = thread.allocation->result();
    if (result) {
      line["buffer"] = next_buffer_;
      line["capacity"] = result->capacity;
      line["pooled"] = result->pooled;
      held_[next_buffer_++] = std::move(*result);
    } else {
      line["error"] = {{"class", std::string(error_row(result.error().code).java_class)}};
    }
    line["waited_ms"] = to_millis(thread.allocation->waited());
    finished_.push_back(std::move(line));
    thread.allocation.reset();
  }

  void run_woken() {
    while (!woken_.empty()) {
      Thread& thread = *woken_.front();
      woken_.pop_front();
      if (thread.allocation) look(thread);
      thread.woken = false;
    }
  }

  // From one deadline to the next; equal ones in the order of arrival.
  void advance(Millis ms) {
    const Nanos until = now_ + to_nanos(ms);
    for (;;) {
      Thread* next = nullptr;
      for (const auto& thread : threads_) {
        if (!thread->allocation || thread->allocation->deadline() > until) continue;
        const auto key = [](const Thread& t) { return std::pair(t.allocation->deadline(), t.arrival); };
        if (next == nullptr || key(*thread) < key(*next)) next = thread.get();
      }
      if (next == nullptr) break;
      now_ = std::max(now_, next->allocation->deadline());
      look(*next);
      run_woken();
    }
    now_ = until;
  }

  void give_back(const Json& line) {
    const auto found = held_.find(line.at("buffer").get<std::int64_t>());
    require(found != held_.end(), "nobody has this buffer");
    const auto size = static_cast<std::int64_t>(found->second.capacity);
    number_of(line, "size", size, size);
    Buffer buffer = std::move(found->second);
    held_.erase(found);
    const std::size_t capacity = line.at("capacity");
    if (capacity != buffer.capacity) buffer = Buffer{nullptr, capacity, false};  // the batch outgrew it
    pool_.deallocate(std::move(buffer), static_cast<std::size_t>(size), now_);
  }

  Json take_signalled() {
    Json signalled = Json::array();
    std::vector<Event> events(256);
    while (const std::size_t count = sink_.drain(events)) {
      for (std::size_t i = 0; i < count; ++i) {
        if (events[i].kind == EventKind::waiter_woken) signalled.push_back(events[i].actor);
      }
    }
    return signalled;
  }

  EventSink sink_;
  BufferPool pool_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::deque<Thread*> woken_;
  std::map<std::int64_t, Buffer> held_;
  std::int64_t next_buffer_ = 0;
  std::uint64_t next_arrival_ = 0;
  Nanos now_ = 0;
  Json finished_;
};

}  // namespace

void replay_pool(const Transcript& transcript, Report& report) {
  PoolReplay replay(transcript.header);
  for (const TranscriptLine& line : transcript.lines) {
    if (report.full()) return;
    report.at(line);
    replay.play(line, report);
  }
}

}  // namespace sendscope::conform
