// What must be true of transactions in every run, checked against the bare events:
//
//   committed  when the producer learns that a transaction is committed, every record of it was acknowledged,
//              and stands in a batch that a commit marker covers
//   aborted    when it learns that one was aborted, no record of it is covered by a commit marker
//
// Thread-safety: none. Memory grows with the records of the run.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/event/event.h"

namespace sendscope::run {

class TransactionInvariants {
 public:
  void observe(const Event& event, std::uint16_t producer_of_thread);
  // What is violated, after the last event; empty when nothing is.
  std::string violation() const;

 private:
  enum class Outcome : std::uint8_t { kUnknown, kCommitted, kAborted };
  struct Transaction {
    std::uint16_t producer = 0;
    std::vector<RecordId> records{};
    Outcome outcome = Outcome::kUnknown;
  };
  struct Record {
    BatchId batch = 0;
    bool completed = false;
    bool failed = false;
  };
  struct Batch {
    std::vector<RecordId> records{};
    std::size_t handed_on = 0;  // to the parts it was split into
    bool committed = false;
  };
  struct ProducerState {
    TxnState state = TxnState::kUninitialized;
    std::size_t transaction = 0;  // index + 1; 0: none
  };

  void on_state(const Event& event);
  void on_child(const Event& event);
  void on_log(const Event& event);
  void on_marker(const Event& event);

  std::map<std::uint16_t, ProducerState> producers_;
  std::vector<Transaction> transactions_;
  std::map<RecordId, Record> records_;
  std::map<BatchId, Batch> batches_;
  std::map<std::pair<RequestId, std::uint32_t>, BatchId> carried_;                  // by request, partition
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::set<BatchId>> undecided_;  // by partition, pid
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint64_t> announced_;      // pid, by node, partition
};

}  // namespace sendscope::run
