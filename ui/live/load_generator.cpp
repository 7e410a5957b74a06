#include "ui/live/load_generator.h"

#include <algorithm>
#include <charconv>

#include "core/base/hex.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kNumberDigits = 20;
constexpr char kPadding = 'x';

// Writes "number " at the front of a value whose padding stays; numbers rise, so they only grow.
class Value {
 public:
  explicit Value(std::size_t size) : text_(std::max(size, kNumberDigits + 1), kPadding), size_(size) {}

  std::string_view of(std::uint64_t number) {
    char* end = std::to_chars(text_.data(), text_.data() + kNumberDigits, number).ptr;
    *end++ = ' ';
    const auto written = static_cast<std::size_t>(end - text_.data());
    return std::string_view(text_).substr(0, std::max(size_, written - 1));
  }

 private:
  std::string text_;
  std::size_t size_;
};

}  // namespace

PlannedRecord planned_record(const LoadPlan& plan, std::uint32_t thread, std::uint64_t i) {
  PlannedRecord record;
  record.number = thread + i * plan.threads;
  if (plan.keys == 0) return record;
  // The keys of a thread: its own number, and every plan.threads-th from there.
  const std::uint64_t first = thread % plan.keys;
  const std::uint64_t own = first == thread ? (plan.keys - 1 - thread) / plan.threads + 1 : 1;
  record.key = first + i % own * plan.threads;
  return record;
}

std::uint64_t share_of(const LoadPlan& plan, std::uint32_t thread) {
  return plan.count / plan.threads + (thread < plan.count % plan.threads ? 1 : 0);
}

LoadGenerator::LoadGenerator(LiveRun& run, const LoadPlan& plan)
    : run_(run),
      plan_(plan),
      end_(time_after(run.clock().now(), plan.duration)),
      owner_(run.clock()),
      conductor_() {
  for (std::uint32_t i = 0; i < plan.threads; ++i) {
    slots_.push_back(std::make_unique<RecordSlots>(run.statistics(), run.clock()));
    parkers_.emplace_back(run.clock());
  }
  conductor_ = std::thread([this] { run_to_the_end(); });
}

LoadGenerator::~LoadGenerator() {
  stop();
  conductor_.join();
}

void LoadGenerator::stop() {
  stopping_ = true;
  for (live::ThreadParker& parker : parkers_) parker.wake();
}

void LoadGenerator::run_to_the_end() {
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < plan_.threads; ++i) threads.emplace_back([this, i] { send_share(i); });
  for (std::thread& thread : threads) thread.join();
  sent_ = true;
  run_.producer().close(kForever, 0);
  done_ = true;
  owner_.wake();
}

bool LoadGenerator::keep(const Result<void>& outcome) {
  if (outcome) return true;
  failure_ = outcome.error();
  stop();
  return false;
}

void LoadGenerator::send_share(std::uint32_t thread) {
  TransactionRhythm transactions(run_, plan_.transactions);
  if (keep(transactions.start()) && send_records(thread, transactions)) keep(transactions.finish());
  if (!plan_.transactions.id.empty()) transactions_ = transactions.summary();
}

bool LoadGenerator::send_records(std::uint32_t thread, TransactionRhythm& transactions) {
  Value value(plan_.size);
  std::string key;
  const Nanos start = run_.clock().now();
  const double period = plan_.rate > 0 ? 1e9 * plan_.threads / plan_.rate : 0;
  const std::uint64_t share = plan_.count > 0 ? share_of(plan_, thread) : UINT64_MAX;
  bool accepted = false;
  for (std::uint64_t i = 0; i < share && !stopping_; ++i) {
    if (period > 0) {
      const Nanos due = start + static_cast<Nanos>(period * static_cast<double>(i));
      if (due >= end_) return true;
      if (run_.clock().now() < due) parkers_[thread].park_until(due);
      if (stopping_) return true;
    }
    if (run_.clock().now() >= end_) return true;
    if (!keep(transactions.before_record())) return false;
    const PlannedRecord planned = planned_record(plan_, thread, i);
    Record record;
    record.topic = plan_.topic;
    if (plan_.keys > 0) {
      key = "key-" + std::to_string(planned.key);
      record.key = as_bytes(key);
    }
    record.value = as_bytes(value.of(planned.number));
    accepted |= run_.send(record, *slots_[thread], static_cast<std::uint16_t>(thread)).ok();
    if (!accepted) {  // nobody answers, or there is no such topic
      hopeless_ = true;
      stop();
      return false;
    }
    if (!keep(transactions.after_record())) return false;
  }
  return true;
}

void LoadGenerator::wait_until(Nanos deadline) {
  if (!done_) owner_.park_until(deadline);
}

}  // namespace sendscope::ui
