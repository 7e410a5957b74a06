// A transactional producer over brokers in memory, with the words of what its coordinator heard.
#pragma once

#include <string>
#include <utility>

#include "tests/core/producer/producer_fixture.h"

namespace sendscope::testing {

class TransactionFixture : public ProducerFixture {
 public:
  // `version`: what the brokers have finalized for transaction.version; 1 keeps AddPartitions and AddOffsets.
  explicit TransactionFixture(std::int16_t version = 1, Texts texts = {},
                              const Profile& profile = newest_profile())
      : ProducerFixture(transactional(std::move(texts)), {}, 1, profile) {
    broker_.transaction_version = version;
    broker_.hears_produce = true;
    warm_up();
  }

  TransactionManager& txn() { return *producer_->transactions(); }
  MemoryCoordinator& coordinator() { return broker_.coordinator; }

  // Brokers before InitProducerId 3: they give ids anew, and raise no epoch. Before the transaction begins.
  void cannot_raise_epochs() {
    broker_.latest[ApiKey::kInitProducerId] = 2;
    broker_.disconnect_all();
    advance(300);
  }

  // Each asks, wakes the sender and returns at once; what came of it is in outcome().
  TxnResultPtr init() { return asked(txn().initialize_transactions()); }
  TxnResultPtr commit() { return asked(txn().begin_commit()); }
  TxnResultPtr abort() { return asked(txn().begin_abort()); }
  TxnResultPtr offsets(const ConsumerGroupMetadata& group = {"g", -1, {}, {}}) {
    return asked(txn().send_offsets_to_transaction({{{"orders", 1}, {42, {}, -1}}}, group));
  }

  // Up to a transaction that has begun.
  void begin() {
    if (txn().state() == TxnState::kUninitialized) {
      REQUIRE(finish(init()) == "ok");
      txn().maybe_update_transaction_v2_enabled(true);  // as initTransactions() does when it returns
    }
    REQUIRE(txn().begin_transaction().ok());
  }
  // Runs until the result is there and the caller has seen it. "ok" or the name of the error.
  std::string finish(const TxnResultPtr& result, Millis at_most = 5'000) {
    for (; at_most > 0 && !result->is_completed(); --at_most) advance(1);
    if (!result->is_completed()) return "pending";
    result->acknowledge();
    return outcome(result);
  }
  static std::string outcome(const TxnResultPtr& result) {
    if (!result->is_completed()) return "pending";
    const std::optional<Error> error = result->error();
    return error ? std::string(error_row(error->code).name) : "ok";
  }

  // What was heard since the last look, separated by blanks.
  std::string heard() {
    std::string text;
    for (const std::string& word : std::exchange(coordinator().heard, {}))
      text += (text.empty() ? "" : " ") + word;
    return text;
  }
  std::string last_error() {
    const std::optional<Error> error = txn().last_error();
    return error ? std::string(error_row(error->code).name) : "none";
  }
  // The error with which an application's call is refused; "ok" when it is not.
  template <typename T>
  static std::string refusal(const Result<T>& result) {
    return result.ok() ? "ok" : std::string(error_row(result.error().code).name);
  }

 private:
  static Texts transactional(Texts texts) {
    texts.emplace("transactional.id", "id");
    return texts;
  }
  TxnResultPtr asked(const Result<TxnResultPtr>& result) {
    INFO((result.ok() ? "" : result.error().message));
    REQUIRE(result.ok());
    producer_->sender().wakeup();
    return result.value();
  }
};

}  // namespace sendscope::testing
