// One turn of the sender's loop, and the places inside it where Kafka's thread waits. Kafka: Sender.runOnce,
// maybeSendAndPollTransactionalRequest; NetworkClientUtils.awaitReady.
#include "core/producer/sender_state.h"

namespace sendscope {

namespace {

// The outcome of a transactional request goes to the manager.
class TxnHandler final : public RequestCompletionHandler {
 public:
  TxnHandler(TransactionManager& transactions, TxnRequestPtr request)
      : transactions_(transactions), request_(std::move(request)) {}
  void on_complete(const ClientResponse& response) override {
    transactions_.handle_response(request_, response);
  }

 private:
  TransactionManager& transactions_;
  TxnRequestPtr request_;
};

RequestBody to_body(const TxnRequest::Body& body) {
  return std::visit([](const auto& message) { return RequestBody(message); }, body);
}

}  // namespace

bool Sender::State::go_on(Nanos now) {
  switch (resume) {
    case Where::kTurn:
      if (keep_running()) return begin_turn(now);
      leave(now);
      return false;
    case Where::kAwaitReady:
      if (parts.client.is_ready(target->id, await_start) || parts.client.ready(*target, await_start))
        return target_ready(now);
      return await_target(now);
    case Where::kAwaitingReady:
      if (const auto error = parts.client.authentication_error(target->id)) {
        txn_request.reset();
        parts.transactions->authentication_failed(*error);
        return produce_and_poll(now);
      }
      return await_target(now);
    case Where::kSendRequest: return send_request(now);
    case Where::kAskMetadata:
      parts.metadata.request_update(false);
      parts.transactions->retry(txn_request);
      return end_turn();
  }
  return false;
}

bool Sender::State::poll(Millis timeout_ms, Where next, Nanos now) {
  resume = next;
  const NetworkClient::PollStart start = parts.client.begin_poll(timeout_ms, now);
  if (!start.waits) return false;
  pause = Pause::kPoll;
  until = time_after(now, to_nanos(start.timeout_ms));
  tell_wait(start.timeout_ms, nodes.size(), now);
  // Several responses came at once and a poll takes one of a connection: Kafka's selector would return at
  // once. What is returned stays the time-out that Kafka polls with.
  if (start.at_once && parts.waiter != nullptr) parts.waiter->wake();
  return true;
}

bool Sender::State::sleep(Millis ms, Where next, Nanos now) {
  resume = next;
  pause = Pause::kSleep;
  until = now + to_nanos(ms);
  tell_wait(ms, 0, now);
  return true;
}

// A batch that is ready and may not be drained yet makes the sender go round without a rest. That is told
// once.
void Sender::State::tell_wait(Millis ms, std::size_t ready_nodes, Nanos now) {
  const std::pair told{ms, ready_nodes};
  if (ms == 0 && told == told_wait) return;
  told_wait = told;
  parts.sink.emit({now, EventKind::sender_waits, parts.producer_index, kNoPlace, 0,
                   static_cast<std::uint32_t>(std::min<Millis>(ms, UINT32_MAX)),
                   static_cast<std::uint32_t>(ready_nodes)});
}

bool Sender::State::end_turn() {
  txn_request.reset();
  target.reset();
  resume = Where::kTurn;
  return false;
}

void Sender::State::drop_request() {
  if (txn_request != nullptr) parts.transactions->retry(txn_request);
  end_turn();
}

bool Sender::State::begin_turn(Nanos now) {
  nodes.clear();
  TransactionManager* transactions = parts.transactions;
  if (transactions == nullptr) return produce_and_poll(now);
  if (!transactions->maybe_resolve_sequences()) return end_turn();
  if (transactions->has_fatal_error()) {
    if (const auto error = transactions->last_error()) abort_batches(*error, now);
    return poll(parts.config.retry_backoff_ms, Where::kTurn, now);
  }
  if (transactions->has_abortable_error() && handle_authorization_error(now)) return end_turn();
  transactions->bump_idempotent_epoch_and_reset_id_if_needed();
  if (const std::optional<bool> waits = transactional_step(now)) return *waits;
  return produce_and_poll(now);
}

bool Sender::State::produce_and_poll(Nanos now) {
  const Millis timeout_ms = send_producer_data(now);
  return poll(timeout_ms, Where::kTurn, now);
}

bool Sender::State::handle_authorization_error(Nanos now) {
  const std::optional<Error> error = parts.transactions->last_error();
  if (!error || (error->code != ErrorCode::kTransactionalIdAuthorizationFailed &&
                 error->code != ErrorCode::kClusterAuthorizationFailed))
    return false;
  parts.transactions->fail_pending_requests(Error(ErrorCode::kAuthentication, error->message, error->code));
  abort_batches(*error, now);
  static_cast<void>(parts.transactions->transition_to_uninitialized(*error));
  return true;
}

// Kafka: maybeAbortBatches.
void Sender::State::abort_batches(const Error& reason, Nanos now) {
  if (!parts.accumulator.has_incomplete()) return;
  parts.accumulator.abort_batches(reason, now);
  while (!in_flight.empty()) remove_in_flight(BatchPtr(in_flight.begin()->second.front()), now);
}

std::optional<bool> Sender::State::transactional_step(Nanos now) {
  TransactionManager& transactions = *parts.transactions;
  if (transactions.has_in_flight_request()) return poll(parts.config.retry_backoff_ms, Where::kTurn, now);
  if (transactions.has_abortable_error()) {
    parts.accumulator.abort_undrained_batches(*transactions.last_error(), now);
  } else if (transactions.is_aborting()) {
    parts.accumulator.abort_undrained_batches(Error(ErrorCode::kTransactionAborted), now);
  }
  txn_request = transactions.next_request(parts.accumulator.has_incomplete());
  if (txn_request == nullptr) return std::nullopt;
  return start_request(now);
}

bool Sender::State::start_request(Nanos now) {
  target.reset();
  if (txn_request->coordinator) {
    if (const auto known = parts.transactions->coordinator(*txn_request->coordinator))
      target = Node{known->node_id, known->host, known->port, std::nullopt};
    if (!target) return find_coordinator_and_retry(now);
  } else {
    target = parts.client.least_loaded_node(now).node;
    if (!target) {
      parts.transactions->retry(txn_request);
      return poll(parts.config.retry_backoff_ms, Where::kTurn, now);
    }
  }
  await_start = now;
  return poll(0, Where::kAwaitReady, now);
}

// Kafka's awaitReady measures every delay from where it began.
bool Sender::State::await_target(Nanos now) {
  const Millis elapsed = to_millis(now) - to_millis(await_start);
  const Millis limit = parts.config.request_timeout_ms;
  if (parts.client.is_ready(target->id, now)) return target_ready(now);
  if (elapsed >= limit || parts.client.connection_failed(target->id)) return find_coordinator_and_retry(now);
  Millis timeout_ms = limit - elapsed;
  const Millis delay = parts.client.poll_delay(target->id, await_start);
  if (delay > 0 && delay < timeout_ms) timeout_ms = delay;
  return poll(timeout_ms, Where::kAwaitingReady, now);
}

bool Sender::State::target_ready(Nanos now) {
  if (txn_request->coordinator == wire::CoordinatorType::kTransaction)
    parts.transactions->handle_coordinator_ready();
  if (txn_request->is_retry) return sleep(txn_request->retry_backoff_ms, Where::kSendRequest, now);
  return send_request(now);
}

bool Sender::State::send_request(Nanos now) {
  TransactionManager& transactions = *parts.transactions;
  ClientRequest out = parts.client.new_request(
      target->id, to_body(txn_request->body),
      VersionRange{txn_request->min_version, txn_request->max_version}, now, true,
      parts.config.request_timeout_ms, std::make_unique<TxnHandler>(transactions, txn_request));
  transactions.set_in_flight_correlation_id(out.correlation_id);
  parts.client.send(std::move(out), now);
  end_turn();
  return poll(parts.config.retry_backoff_ms, Where::kTurn, now);
}

bool Sender::State::find_coordinator_and_retry(Nanos now) {
  if (!txn_request->coordinator) return sleep(parts.config.retry_backoff_ms, Where::kAskMetadata, now);
  parts.transactions->lookup_coordinator(*txn_request);
  parts.transactions->retry(txn_request);
  return end_turn();
}

}  // namespace sendscope
