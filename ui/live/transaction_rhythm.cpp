#include "ui/live/transaction_rhythm.h"

#include "core/event/narration.h"

namespace sendscope::ui {

namespace {

Error failed(const char* call, const Error& error) {
  return Error(error.code, std::string(call) + "() failed: " + std::string(error_row(error.code).java_class) +
                               ": " + error.message);
}

std::string counted(std::uint64_t count, const char* word) { return format_count(count) + " " + word; }

}  // namespace

void add_transaction_options(CommandLine& line, TransactionPlan& plan) {
  line.option("--transaction-size", plan.size,
              "records of a transaction; needs -X transactional.id=NAME, which alone makes one of all");
  line.flag("--abort", plan.aborts, "abort the transactions instead of committing them");
}

Result<ProducerConfig> configure(const LiveTarget& target, TransactionPlan& plan) {
  Result<ProducerConfig> config = make_producer_config_or_warn(target);
  if (!config) return config;
  plan.id = config->transactional_id.value_or("");
  if (!plan.id.empty() || (plan.size == 0 && !plan.aborts)) return config;
  return Error(ErrorCode::kConfig, "transactions need a name: give them one with -X transactional.id=NAME");
}

Result<void> TransactionRhythm::start() {
  if (plan_.id.empty()) return {};
  if (Result<void> done = run_.producer().init_transactions(); !done)
    return failed("initTransactions", done.error());
  return {};
}

Result<void> TransactionRhythm::before_record() {
  if (plan_.id.empty() || open_) return {};
  if (Result<void> begun = run_.producer().begin_transaction(); !begun)
    return failed("beginTransaction", begun.error());
  open_ = true;
  records_ = 0;
  return {};
}

Result<void> TransactionRhythm::after_record() {
  if (plan_.id.empty() || ++records_ != plan_.size) return {};
  return end();
}

Result<void> TransactionRhythm::finish() { return open_ ? end() : Result<void>{}; }

void TransactionRhythm::abandon() {
  if (!open_) return;
  open_ = false;
  run_.statistics().give_up();
  if (run_.producer().abort_transaction()) ++aborted_;
}

Result<void> TransactionRhythm::end() {
  open_ = false;
  live::BlockingProducer& producer = run_.producer();
  if (!plan_.aborts) {
    const Result<void> committed = producer.commit_transaction();
    if (committed) {
      ++committed_;
      return {};
    }
    // What timed out, is still on its way; what is fatal, cannot be aborted either.
    if (producer.abort_transaction()) ++aborted_;
    return failed("commitTransaction", committed.error());
  }
  // The records go out before the abort, so that there is something for readers to leave out.
  static_cast<void>(producer.flush());
  if (Result<void> aborted = producer.abort_transaction(); !aborted)
    return failed("abortTransaction", aborted.error());
  ++aborted_;
  return {};
}

std::string TransactionRhythm::summary() const {
  if (plan_.id.empty()) return {};
  return "transactions: " + counted(committed_, "committed") + ", " + counted(aborted_, "aborted");
}

}  // namespace sendscope::ui
