#include "ui/layout/phrases.h"

#include "ui/layout/format.h"

namespace sendscope::ui {
namespace {

std::string node_name(std::uint32_t place) {
  const auto node = static_cast<NodeId>(place);
  return node < 0 ? "a bootstrap address" : "node " + std::to_string(node);
}

std::string request_name(const Event& e) {
  return "request " + request_label(static_cast<RequestId>(e.subject));
}

std::string records_text(std::uint32_t count) {
  return count_text(count) + (count == 1 ? " record" : " records");
}

// What happens to memory and batches before they are sent.
std::string accumulator_phrase(const Event& e, const EventLog& log) {
  switch (e.kind) {
    case EventKind::send_called: return "send() is called";
    case EventKind::memory_wait_began: return "waits for memory";
    case EventKind::memory_wait_ended: return e.b == 0 ? "has its memory" : "no memory: " + error_word(e.b);
    case EventKind::metadata_wait_began: return "waits for metadata";
    case EventKind::metadata_wait_ended:
      return e.a == 0 ? "has its metadata" : "no metadata: " + error_word(e.a);
    case EventKind::record_appended:
      return record_label(e.subject) + " appended to batch " + batch_label(e.a);
    case EventKind::batch_opened: return "opened over " + format_bytes(e.a);
    case EventKind::batch_closed: return "closed with " + records_text(e.a);
    case EventKind::batch_ready: return "ready: " + words_of(Unit::kReadyReason, e.a, log);
    case EventKind::batch_drained: return "drained for " + node_name(e.a);
    case EventKind::sequence_assigned: return "gets sequence " + count_text(e.a);
    case EventKind::partition_muted: return "partition muted";
    case EventKind::partition_unmuted: return "partition no longer muted";
    case EventKind::inflight_added: return "into Sender.inFlightBatches";
    case EventKind::inflight_removed: return "out of Sender.inFlightBatches";
    case EventKind::batch_retried: return "put back: " + error_word(e.a);
    case EventKind::batch_backoff: return "backs off for " + std::to_string(e.a) + " ms";
    case EventKind::batch_expired: return "expired";
    default: return {};
  }
}

// What happens to requests, at the brokers, and when it is over.
std::string answer_phrase(const Event& e, const EventLog& log) {
  switch (e.kind) {
    case EventKind::request_sent: return request_name(e) + " goes to " + node_name(e.place);
    case EventKind::request_batch: return request_name(e) + " carries batch " + batch_label(e.a);
    case EventKind::request_arrived: return request_name(e) + " arrives";
    case EventKind::request_started: return node_name(e.place) + " works on it";
    case EventKind::response_sent: return node_name(e.place) + " answers";
    case EventKind::response_received:
      return "answer to request " + request_label(static_cast<RequestId>(e.subject));
    case EventKind::request_failed: return request_name(e) + " given up: " + error_word(e.b);
    case EventKind::message_lost: return words_of(Unit::kMessageKind, e.a, log) + " lost on the way";
    case EventKind::log_appended: return records_text(e.b) + " in the log at " + count_text(e.a);
    case EventKind::log_duplicate: return "known already: not stored again";
    case EventKind::log_refused: return "refused: " + error_word(e.a);
    case EventKind::batch_stored: return "stored at offset " + count_text(e.a);
    case EventKind::batch_completed:
      return e.a == 0 ? "done: callbacks follow" : "failed: " + error_word(e.a);
    case EventKind::record_completed:
      return "callback of " + record_label(e.subject) + (e.a == 0 ? "" : ": " + error_word(e.a));
    case EventKind::latch_released: return "futures return";
    case EventKind::incomplete_removed: return "out of IncompleteBatches";
    case EventKind::batch_freed: return "memory returned";
    case EventKind::leader_known: return node_name(e.a) + " is known to lead";
    case EventKind::leader_elected: return node_name(e.a) + " is elected leader";
    case EventKind::connection_state: return "connection: " + words_of(Unit::kConnectionState, e.a, log);
    case EventKind::connection_lost: return "connection lost: " + words_of(Unit::kLossReason, e.a, log);
    case EventKind::node_state: return node_name(e.place) + " is " + words_of(Unit::kNodeState, e.a, log);
    case EventKind::txn_call_began: return txn_call_words(e.a);
    case EventKind::txn_call_ended:
      return txn_call_words(e.a) + (e.b == 0 ? " returns" : " fails: " + error_word(e.b));
    case EventKind::thread_state: return thread_words(static_cast<ThreadState>(e.a));
    case EventKind::high_watermark: return "high watermark " + count_text(e.a);
    default: return {};
  }
}

// What application threads and the line for memory do.
std::string thread_phrase(const Event& e) {
  switch (e.kind) {
    case EventKind::thread_named: return "starts";
    case EventKind::memory_reserved: return "holds " + format_bytes(e.a) + " of " + format_bytes(e.b);
    case EventKind::waiter_woken: return "woken: it is its turn";
    case EventKind::send_failed: return "send() fails: " + error_word(e.a);
    case EventKind::failure_cause: return "the cause: " + error_word(e.a);
    case EventKind::flush_began: return "flush() is called";
    case EventKind::flush_ended: return "flush() returns";
    case EventKind::close_began: return "close() is called";
    case EventKind::close_ended: return "close() returns";
    default: return {};
  }
}

// What happens to partitions, their sequences and their replicas, and to batches that are split.
std::string partition_phrase(const Event& e, const EventLog& log) {
  const std::string node = "node " + std::to_string(e.actor);
  switch (e.kind) {
    case EventKind::batch_split: return "split into " + count_text(e.a);
    case EventKind::batch_child:
      return batch_label(static_cast<BatchId>(e.subject)) + " takes " + count_text(e.b) + " of " +
             batch_label(e.a);
    case EventKind::sticky_switched: return "the sticky partition from here on";
    case EventKind::sequence_set: return "next sequence " + count_text(e.a);
    case EventKind::sequence_unresolved: return "sequences unresolved";
    case EventKind::sequence_resolved: return "sequences resolved";
    case EventKind::message_delayed:
      return words_of(Unit::kMessageKind, e.a, log) + " late by " + words_of(Unit::kMicros, e.b, log);
    case EventKind::node_throttled:
      return node_name(e.place) + " asks to wait " + std::to_string(e.a) + " ms";
    case EventKind::replica_fetched: return node + " has copied up to " + count_text(e.a);
    case EventKind::log_truncated: return node + " cuts its log back to " + count_text(e.a);
    case EventKind::log_deleted: return node + " deletes its log";
    case EventKind::isr_changed: return "in sync: nodes " + words_of(Unit::kNodeSet, e.subject, log);
    default: return {};
  }
}

// What becomes of transactions on the brokers' side.
std::string transaction_phrase(const Event& e, const EventLog& log) {
  switch (e.kind) {
    case EventKind::txn_coordinated: return "transaction: " + words_of(Unit::kTxnStage, e.b, log);
    case EventKind::txn_appended: return records_text(e.b) + " of an open transaction";
    case EventKind::txn_marker: return words_of(Unit::kTxnMarker, e.b, log) + " marker at " + count_text(e.a);
    case EventKind::stable_below: return "undecided from " + count_text(e.a);
    case EventKind::all_stable: return "nothing undecided";
    case EventKind::group_offset:
      return "a group's offset " + count_text(static_cast<std::int64_t>(e.subject));
    default: return {};
  }
}

}  // namespace

std::string short_phrase(const Event& event, const EventLog& log) {
  std::string phrase = accumulator_phrase(event, log);
  if (phrase.empty()) phrase = answer_phrase(event, log);
  if (phrase.empty()) phrase = thread_phrase(event);
  if (phrase.empty()) phrase = partition_phrase(event, log);
  if (phrase.empty()) phrase = transaction_phrase(event, log);
  return phrase.empty() ? narrate(event, log.strings(), log.names()) : phrase;
}

}  // namespace sendscope::ui
