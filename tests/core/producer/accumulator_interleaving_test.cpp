// Two or three sends against a pool with room for one or two batches, in every order in which their steps,
// the sender's passes and the end of their patience can fall.
#include <functional>

#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

constexpr std::int64_t kBatch = 200;

struct Send {
  PartitionId partition;
  std::size_t size;
  Millis budget_ms;
};

// One world that is driven by a list of choices.
class World {
 public:
  World(const std::vector<Send>& sends, std::int64_t memory) : fixture_(settings(), memory), memory_(memory) {
    for (std::size_t i = 0; i < sends.size(); ++i) {
      requests_.push_back(fixture_.request(std::to_string(i), sends[i].size, sends[i].partition));
    }
    for (std::size_t i = 0; i < sends.size(); ++i) {
      waiters_.emplace_back();
      ops_.push_back(std::make_unique<AppendOp>(fixture_.accumulator_, requests_[i], sends[i].budget_ms,
                                                waiters_.back()));
      blocked_.push_back(false);
      done_.push_back(false);
    }
  }

  // What can happen next: a send goes on (0..n-1), the sender drains and completes (n), or 10 ms pass (n +
  // 1).
  std::vector<std::size_t> choices() {
    std::vector<std::size_t> possible;
    for (std::size_t i = 0; i < ops_.size(); ++i) {
      const bool may_go_on = !blocked_[i] || ops_[i]->signalled() || ops_[i]->deadline() <= now_;
      if (!done_[i] && may_go_on) possible.push_back(i);
    }
    if (fixture_.accumulator_.has_undrained()) possible.push_back(ops_.size());
    const bool someone_waits = std::find(blocked_.begin(), blocked_.end(), true) != blocked_.end();
    if (someone_waits && now_ < ms(30)) possible.push_back(ops_.size() + 1);
    return possible;
  }

  void take(std::size_t choice) {
    if (choice == ops_.size() + 1) {
      now_ += ms(10);
    } else if (choice == ops_.size()) {
      fixture_.accumulator_.begin_flush();
      fixture_.drained_.clear();
      fixture_.drain({1, 2}, now_);
      for (const BatchPtr& batch : fixture_.drained_) fixture_.succeed(batch, 0, now_);
      fixture_.accumulator_.end_flush();
    } else {
      const Step step = ops_[choice]->advance(*fixture_.cluster_, now_);
      blocked_[choice] = step == Step::kBlocked;
      done_[choice] = step == Step::kDone;
    }
    check_account();
  }

  void check_end() {
    for (std::size_t i = 0; i < ops_.size(); ++i) {
      REQUIRE(done_[i]);
      const RecordAppendResult& result = ops_[i]->result();
      const bool appended = result.status == AppendStatus::kAppended;
      if (!appended) CHECK(result.error->code == ErrorCode::kBufferExhausted);
      int callbacks = 0;
      for (const Outcome& outcome : fixture_.outcomes_)
        callbacks += outcome.name == std::to_string(i) ? 1 : 0;
      CHECK(callbacks == (appended ? 1 : 0));
    }
    CHECK(fixture_.pool_.available_memory() == memory_);
    CHECK(fixture_.pool_.queued() == 0);
    CHECK_FALSE(fixture_.accumulator_.has_incomplete());
  }

 private:
  static AccumulatorSettings settings() {
    AccumulatorSettings settings = default_accumulator_settings();
    settings.batch_size_bytes = kBatch;
    settings.linger_ms = 1000;
    return settings;
  }

  // Free + lent + hoarded is the pool, told by the events alone.
  void check_account() {
    for (const Event& event : fixture_.events()) {
      if (event.kind == EventKind::memory_allocated) {
        lent_ += event.a;
        hoarded_ = 0;
      }
      if (event.kind == EventKind::memory_freed) lent_ -= event.a;
      if (event.kind == EventKind::memory_reserved) hoarded_ = event.a;
      const bool memory = event.kind == EventKind::memory_allocated ||
                          event.kind == EventKind::memory_freed || event.kind == EventKind::memory_reserved;
      if (memory && hoarder_is_alone()) {
        REQUIRE(static_cast<std::int64_t>(event.subject) + lent_ + hoarded_ <= memory_);
      }
    }
    REQUIRE(fixture_.pool_.available_memory() >= 0);
    REQUIRE(fixture_.pool_.available_memory() <= memory_);
  }
  bool hoarder_is_alone() const { return ops_.size() <= 2; }

  AccumulatorFixture fixture_;
  const std::int64_t memory_;
  Nanos now_ = 0;
  std::int64_t lent_ = 0;
  std::int64_t hoarded_ = 0;
  std::deque<CountingWaiter> waiters_;
  std::vector<AppendRequest> requests_;
  std::vector<std::unique_ptr<AppendOp>> ops_;
  std::vector<bool> blocked_, done_;
};

// Plays every sequence of choices; returns how many there are.
std::size_t play_all(const std::vector<Send>& sends, std::int64_t memory) {
  std::size_t runs = 0;
  std::vector<std::size_t> path;  // index into the choices at each step
  for (;;) {
    World world(sends, memory);
    std::vector<std::size_t> widths;
    for (std::size_t step = 0;; ++step) {
      const std::vector<std::size_t> choices = world.choices();
      if (choices.empty()) break;
      REQUIRE(step < 60);
      if (step == path.size()) path.push_back(0);
      widths.push_back(choices.size());
      world.take(choices[path[step]]);
    }
    world.check_end();
    ++runs;
    path.resize(widths.size());
    while (!path.empty() && path.back() + 1 == widths[path.size() - 1]) path.pop_back();
    if (path.empty()) return runs;
    ++path.back();
  }
}

}  // namespace

TEST_CASE("two sends and a pool of one batch: every order ends well") {
  CHECK(play_all({{0, 50, 20}, {1, 50, 20}}, kBatch) > 10);
  CHECK(play_all({{0, 50, 20}, {0, 50, 20}}, kBatch) > 5);
  CHECK(play_all({{kUnknownPartition, 50, 20}, {kUnknownPartition, 400, 20}}, 600) > 5);
}

TEST_CASE("three sends, one of them larger than a batch: every order ends well") {
  CHECK(play_all({{0, 50, 10}, {1, 50, 20}, {2, 250, 30}}, 2 * kBatch) > 100);
}
