// The Sender's inside, in three parts: the loop and its waiting places (sender.cpp, sender_turn.cpp), what
// goes out (sender_produce.cpp), what comes back (sender_answers.cpp).
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/uuid.h"
#include "core/base/waiter.h"
#include "core/net/network_client.h"
#include "core/producer/config.h"
#include "core/producer/producer_batch.h"
#include "core/producer/producer_metadata.h"
#include "core/producer/producer_metrics.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

// The verdict on one batch: a partition's part of a produce response, or what stands for it when none came.
struct PartitionVerdict {
  ErrorCode error = ErrorCode::kNone;
  std::string message;  // empty: the error's own text
  const wire::ProducePartitionResponse* response = nullptr;

  std::int64_t base_offset() const { return response ? response->base_offset : kNoOffset; }
};

using LeaderHints = std::map<TopicPartition, LeaderHint>;

struct Sender::State {
  explicit State(const SenderParts& given) : parts(given) {}

  // ---- sender.cpp: the loop
  Nanos run_once(Nanos now);
  bool keep_running();
  void leave(Nanos now);

  // ---- sender_turn.cpp: the turns of the loop
  enum class Progress : std::uint8_t {
    kGoesOn,  // at `place`, at once
    kWaits,   // in a poll or a sleep, until `until`
  };
  // Where the loop goes on. A transactional request that is dealt with belongs to the place where it waits.
  struct NewTurn {};
  struct AwaitNode {  // until a request can be sent to it. Kafka: awaitReady
    TxnRequestPtr request;
    Node node;
    Nanos began = 0;
    bool first_look = true;
  };
  struct SendRequest {  // its backoff has been slept off
    TxnRequestPtr request;
    Node node;
  };
  struct AskMetadata {  // there was no node for it, and it has slept
    TxnRequestPtr request;
  };
  using Place = std::variant<NewTurn, AwaitNode, SendRequest, AskMetadata>;

  Progress go_on(Nanos now);
  Progress go_on(NewTurn, Nanos now);
  Progress go_on(AwaitNode wait, Nanos now);
  Progress go_on(SendRequest send, Nanos now);
  Progress go_on(AskMetadata ask, Nanos now);
  Progress poll(Millis timeout_ms, Place next, Nanos now);
  Progress sleep(Millis ms, Place next, Nanos now);
  void tell_wait(Millis ms, std::size_t ready_nodes, Nanos now);
  // Puts the request that is being dealt with back in line.
  void drop_request();
  Progress begin_turn(Nanos now);
  Progress produce_and_poll(Nanos now);
  bool handle_authorization_error(Nanos now);
  void abort_batches(const Error& reason, Nanos now);
  // Takes the next transactional request, if any, as far as it goes; nullopt: there is none to deal with.
  std::optional<Progress> transactional_step(Nanos now);
  Progress start_request(TxnRequestPtr request, Nanos now);
  Progress await_node(AwaitNode wait, Nanos now);
  Progress node_ready(AwaitNode wait, Nanos now);
  Progress find_coordinator_and_retry(TxnRequestPtr request, Nanos now);

  // ---- sender_produce.cpp: what goes out
  Millis send_producer_data(Nanos now);
  Millis keep_connected_nodes(Nanos now);
  std::vector<BatchPtr> take_expired_in_flight(Nanos now);
  void fail_expired(const std::vector<BatchPtr>& batches, bool deallocate, Nanos now);
  class ProduceHandler;
  void send_produce_request(NodeId node, std::vector<BatchPtr> batches, Nanos now);
  void add_in_flight(const BatchPtr& batch, Nanos now);
  void remove_in_flight(const BatchPtr& batch, Nanos now);

  // ---- sender_answers.cpp: what comes back
  void handle_produce_response(const ClientResponse& response, const std::vector<BatchPtr>& batches,
                               const std::map<Uuid, std::string>& topic_names);
  void handle_body(const wire::ProduceResponse& body, NodeId node, std::vector<BatchPtr> batches,
                   const std::map<Uuid, std::string>& topic_names);
  void complete_batch(const BatchPtr& batch, const PartitionVerdict& verdict, LeaderHints* hints);
  void handle_error(const BatchPtr& batch, const PartitionVerdict& verdict, LeaderHints* hints);
  bool can_retry(const ProducerBatch& batch, const PartitionVerdict& verdict);
  void reenqueue(const BatchPtr& batch, ErrorCode error);
  void succeed(const BatchPtr& batch, const PartitionVerdict& verdict);
  void fail(const BatchPtr& batch, BatchErrors errors, bool adjust_sequences, bool deallocate, Nanos now);
  void finish_batch(const BatchPtr& batch, Nanos now);
  void deallocate(const BatchPtr& batch, Nanos now);

  void emit(EventKind kind, const ProducerBatch& batch, std::uint32_t a, std::uint32_t b, Nanos now) {
    parts.sink.emit({now, kind, parts.producer_index, batch.place(), batch.id(), a, b});
  }

  const SenderParts parts;

  // The I/O thread only.
  enum class Pause : std::uint8_t { kNone, kPoll, kSleep };
  enum class Closing : std::uint8_t { kSendsTheRest, kEndsTransaction };
  Place place = NewTurn{};
  Pause pause = Pause::kNone;
  Nanos until = 0;                                  // when that pause ends by itself
  std::pair<Millis, std::size_t> told_wait{-1, 0};  // what the last sender_waits said
  Nanos handled_at = 0;  // `now` of the run that is under way, for the handlers of responses
  Closing closing = Closing::kSendsTheRest;
  std::map<TopicPartition, std::vector<BatchPtr>> in_flight;
  ReadyCheckResult ready;
  std::vector<NodeId> nodes;

  std::atomic<ErrorCode> last_retry_error{ErrorCode::kNone};
  std::atomic<bool> running{true};
  std::atomic<bool> force{false};
  std::atomic<bool> giving_up{false};
  std::atomic<bool> exited{false};
  Mutex mutex ACQUIRED_AFTER(lock_order::leaves);
  WaitQueue exit_waiters GUARDED_BY(mutex);
};

}  // namespace sendscope
