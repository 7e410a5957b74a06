// An idempotent producer whose partitions are led by two nodes, and answers that a test lists one by one.
#pragma once

#include <initializer_list>

#include "tests/core/producer/scripted_answers.h"

namespace sendscope::testing {

// Idempotent; partitions 0 and 1 of "orders" are led by different nodes, both connected.
struct SequenceFixture : ProducerFixture {
  explicit SequenceFixture(Texts texts = {}) : ProducerFixture(with_defaults(std::move(texts)), {}, 2) {
    warm_up();
    for (const PartitionId partition : {0, 1}) {  // connects both nodes
      send("warm", partition);
      advance(100);
    }
    REQUIRE(outcomes() == "warm:ok warm:ok");
    outcomes_.clear();
    answers.seen();
    broker_.coordinator.heard.clear();
  }
  static Texts with_defaults(Texts texts) {
    texts.emplace("retry.backoff.ms", "10");
    texts.emplace("retry.backoff.max.ms", "10");
    return texts;
  }
  // One after the other, each in a batch of its own; the answers wait.
  void send_held(std::initializer_list<const char*> names, PartitionId partition = 0) {
    broker_.holds_answers = true;
    for (const char* name : names) {
      send(name, partition);
      advance(1);
    }
  }
  // No answer waits any more.
  void let_go(Millis after = 200) {
    broker_.holds_answers = false;
    broker_.release();
    advance(after);
  }
  void release_one() {
    broker_.release(1);
    advance(1);
  }
  void move_leaders() {
    broker_.leader_shift = 1 - broker_.leader_shift;
    ++broker_.leader_epoch;
    producer_->metadata().request_update(false);
    producer_->sender().wakeup();
    advance(150);
  }
  const TxnPartition& partition(PartitionId id) {
    partitions_ = producer_->transactions()->partitions();
    return partitions_.at({"orders", id});
  }
  ProducerIdAndEpoch id() { return producer_->transactions()->producer_id_and_epoch(); }

  ScriptedAnswers answers{*this};

 private:
  TxnPartitionMap partitions_;
};

}  // namespace sendscope::testing
