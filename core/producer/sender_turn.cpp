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

// Whoever goes on from a place says where to go on next; who says nothing begins a new turn.
Sender::State::Progress Sender::State::go_on(Nanos now) {
  return std::visit([&](auto&& from) { return go_on(std::move(from), now); },
                    std::exchange(place, NewTurn{}));
}

Sender::State::Progress Sender::State::go_on(NewTurn, Nanos now) {
  if (keep_running()) return begin_turn(now);
  leave(now);
  return Progress::kGoesOn;
}

Sender::State::Progress Sender::State::go_on(AwaitNode wait, Nanos now) {
  const NodeId id = wait.node.id;
  if (wait.first_look) {
    if (parts.client.is_ready(id, wait.began) || parts.client.ready(wait.node, wait.began))
      return node_ready(std::move(wait), now);
  } else if (const auto error = parts.client.authentication_error(id)) {
    parts.transactions->authentication_failed(*error);
    return produce_and_poll(now);
  }
  return await_node(std::move(wait), now);
}

Sender::State::Progress Sender::State::go_on(SendRequest send, Nanos now) {
  TransactionManager& transactions = *parts.transactions;
  const TxnRequest& request = *send.request;
  ClientRequest out = parts.client.new_request(
      send.node.id, to_body(request.body), VersionRange{request.min_version, request.max_version}, now, true,
      parts.config.request_timeout_ms, std::make_unique<TxnHandler>(transactions, send.request));
  transactions.set_in_flight_correlation_id(out.correlation_id);
  parts.client.send(std::move(out), now);
  return poll(parts.config.retry_backoff_ms, NewTurn{}, now);
}

Sender::State::Progress Sender::State::go_on(AskMetadata ask, Nanos) {
  parts.metadata.request_update(false);
  parts.transactions->retry(ask.request);
  return Progress::kGoesOn;
}

Sender::State::Progress Sender::State::poll(Millis timeout_ms, Place next, Nanos now) {
  place = std::move(next);
  const NetworkClient::PollStart start = parts.client.begin_poll(timeout_ms, now);
  if (!start.waits) return Progress::kGoesOn;
  pause = Pause::kPoll;
  until = time_after(now, to_nanos(start.timeout_ms));
  tell_wait(start.timeout_ms, nodes.size(), now);
  // Several responses came at once and a poll takes one of a connection: Kafka's selector would return at
  // once. What is returned stays the time-out that Kafka polls with.
  if (start.at_once && parts.waiter != nullptr) parts.waiter->wake();
  return Progress::kWaits;
}

Sender::State::Progress Sender::State::sleep(Millis ms, Place next, Nanos now) {
  place = std::move(next);
  pause = Pause::kSleep;
  until = now + to_nanos(ms);
  tell_wait(ms, 0, now);
  return Progress::kWaits;
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

void Sender::State::drop_request() {
  std::visit(
      [&](const auto& at) {
        if constexpr (requires { at.request; }) parts.transactions->retry(at.request);
      },
      std::exchange(place, NewTurn{}));
}

Sender::State::Progress Sender::State::begin_turn(Nanos now) {
  nodes.clear();
  TransactionManager* transactions = parts.transactions;
  if (transactions == nullptr) return produce_and_poll(now);
  if (!transactions->maybe_resolve_sequences()) return Progress::kGoesOn;
  if (transactions->has_fatal_error()) {
    if (const auto error = transactions->last_error()) abort_batches(*error, now);
    return poll(parts.config.retry_backoff_ms, NewTurn{}, now);
  }
  if (transactions->has_abortable_error() && handle_authorization_error(now)) return Progress::kGoesOn;
  transactions->bump_idempotent_epoch_and_reset_id_if_needed();
  if (const std::optional<Progress> progress = transactional_step(now)) return *progress;
  return produce_and_poll(now);
}

Sender::State::Progress Sender::State::produce_and_poll(Nanos now) {
  const Millis timeout_ms = send_producer_data(now);
  return poll(timeout_ms, NewTurn{}, now);
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

std::optional<Sender::State::Progress> Sender::State::transactional_step(Nanos now) {
  TransactionManager& transactions = *parts.transactions;
  if (transactions.has_in_flight_request()) return poll(parts.config.retry_backoff_ms, NewTurn{}, now);
  if (transactions.has_abortable_error()) {
    parts.accumulator.abort_undrained_batches(*transactions.last_error(), now);
  } else if (transactions.is_aborting()) {
    parts.accumulator.abort_undrained_batches(Error(ErrorCode::kTransactionAborted), now);
  }
  TxnRequestPtr request = transactions.next_request(parts.accumulator.has_incomplete());
  if (request == nullptr) return std::nullopt;
  return start_request(std::move(request), now);
}

Sender::State::Progress Sender::State::start_request(TxnRequestPtr request, Nanos now) {
  std::optional<Node> node;
  if (request->coordinator) {
    if (const auto known = parts.transactions->coordinator(*request->coordinator))
      node = Node{known->node_id, known->host, known->port, std::nullopt};
    if (!node) return find_coordinator_and_retry(std::move(request), now);
  } else {
    node = parts.client.least_loaded_node(now).node;
    if (!node) {
      parts.transactions->retry(request);
      return poll(parts.config.retry_backoff_ms, NewTurn{}, now);
    }
  }
  return poll(0, AwaitNode{std::move(request), std::move(*node), now}, now);
}

// Kafka's awaitReady measures every delay from where it began.
Sender::State::Progress Sender::State::await_node(AwaitNode wait, Nanos now) {
  const NodeId id = wait.node.id;
  const Millis elapsed = to_millis(now) - to_millis(wait.began);
  const Millis limit = parts.config.request_timeout_ms;
  if (parts.client.is_ready(id, now)) return node_ready(std::move(wait), now);
  if (elapsed >= limit || parts.client.connection_failed(id))
    return find_coordinator_and_retry(std::move(wait.request), now);
  Millis timeout_ms = limit - elapsed;
  const Millis delay = parts.client.poll_delay(id, wait.began);
  if (delay > 0 && delay < timeout_ms) timeout_ms = delay;
  wait.first_look = false;
  return poll(timeout_ms, std::move(wait), now);
}

Sender::State::Progress Sender::State::node_ready(AwaitNode wait, Nanos now) {
  if (wait.request->coordinator == wire::CoordinatorType::kTransaction)
    parts.transactions->handle_coordinator_ready();
  const bool backs_off = wait.request->is_retry;
  const Millis backoff_ms = wait.request->retry_backoff_ms;
  SendRequest send{std::move(wait.request), std::move(wait.node)};
  return backs_off ? sleep(backoff_ms, std::move(send), now) : go_on(std::move(send), now);
}

Sender::State::Progress Sender::State::find_coordinator_and_retry(TxnRequestPtr request, Nanos now) {
  if (!request->coordinator)
    return sleep(parts.config.retry_backoff_ms, AskMetadata{std::move(request)}, now);
  parts.transactions->lookup_coordinator(*request);
  parts.transactions->retry(request);
  return Progress::kGoesOn;
}

}  // namespace sendscope
