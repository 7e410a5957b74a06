// Records in transactions of a given size, for the commands that send.
//
// Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <string>

#include "ui/live/live_run.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {

struct TransactionPlan {
  std::string id;          // transactional.id; empty: no transactions, and every call here does nothing
  std::uint64_t size = 0;  // records of a transaction; 0: all
  bool aborts = false;     // they end with an abort instead of a commit
};

void add_transaction_options(CommandLine& line, TransactionPlan& plan);
// The configuration of the target, with warnings printed; its transactional.id becomes the plan's. Fails with
// kConfig, also when transactions are asked for and there is no id.
Result<ProducerConfig> configure(const LiveTarget& target, TransactionPlan& plan);

class TransactionRhythm {
 public:
  TransactionRhythm(LiveRun& run, TransactionPlan plan) : run_(run), plan_(std::move(plan)) {}

  // initTransactions(): waits for the coordinator; whoever used the id before is fenced.
  Result<void> start();
  // Before each record: a transaction begins when none is open.
  Result<void> before_record();
  // After each record: the transaction ends when it is full. Fails with what the commit failed with; the
  // transaction is then aborted if it can be.
  Result<void> after_record();
  // At the end of the input.
  Result<void> finish();
  // The input broke off: what is open is aborted, and what is not stored by now counts as given up.
  void abandon();
  // "transactions: 12 committed, 1 aborted"; empty without transactions.
  std::string summary() const;

 private:
  Result<void> end();

  LiveRun& run_;
  const TransactionPlan plan_;
  bool open_ = false;
  std::uint64_t records_ = 0;  // of the open one
  std::uint64_t committed_ = 0;
  std::uint64_t aborted_ = 0;
};

}  // namespace sendscope::ui
