#include <array>

#include "core/base/check.h"
#include "core/event/event.h"

namespace sendscope {
namespace {

#define F(name, unit) \
  FieldRow { #name, Unit::unit }
#define NONE \
  FieldRow {}
constexpr KindRow kRows[] = {
#define EVENT(kind, actor, place, subject, a, b, sentence) {#kind, actor, place, subject, a, b, sentence},
#include "core/event/kinds.def"
#undef EVENT
};
#undef F
#undef NONE

constexpr std::string_view kThreadStates[] = {
    "running",        "sleeping", "waiting_metadata", "waiting_memory",      "flushing",
    "waiting_result", "closing",  "waiting_barrier",  "waiting_transaction", "closed"};
constexpr std::string_view kReadyReasons[] = {"full",  "linger_expired", "memory_exhausted", "closed",
                                              "flush", "transaction",    "backoff_over"};
constexpr std::string_view kConnectionStates[] = {"disconnected", "connecting", "checking_api_versions",
                                                  "ready", "authentication_failed"};
constexpr std::string_view kTxnStates[] = {
    "uninitialized",        "initializing",         "ready",
    "in_transaction",       "prepared_transaction", "committing_transaction",
    "aborting_transaction", "abortable_error",      "fatal_error"};
constexpr std::string_view kTxnCalls[] = {"initTransactions", "beginTransaction", "sendOffsetsToTransaction",
                                          "commitTransaction", "abortTransaction"};
constexpr std::string_view kTxnStages[] = {
    "empty",           "ongoing",        "prepare_commit",     "prepare_abort",
    "complete_commit", "complete_abort", "prepare_epoch_fence"};
constexpr std::string_view kTxnMarkers[] = {"abort", "commit"};
constexpr std::string_view kNodeStates[] = {"up", "killed", "paused"};
constexpr std::string_view kMessageKinds[] = {"request", "response"};
constexpr std::string_view kCheckOutcomes[] = {"held", "broken", "undecided"};
constexpr std::string_view kLossReasons[] = {
    "unknown",        "refused",         "unreachable",        "unknown_host",
    "setup_timeout",  "speaks_tls",      "web_server",         "echo",
    "not_kafka",      "silent",          "closed_unanswered",  "closed_at_first_request",
    "closed_by_peer", "request_timeout", "malformed_response", "versions_refused",
    "idle",           "closed_here",     "starts_over"};

template <std::size_t N>
std::string_view pick(const std::string_view (&names)[N], std::uint64_t value) {
  return value < N ? names[value] : std::string_view{};
}

}  // namespace

const KindRow& kind_row(EventKind kind) {
  SENDSCOPE_CHECK(kind < EventKind::count_);
  return kRows[static_cast<std::size_t>(kind)];
}

EventKind find_kind(std::string_view name) {
  for (int i = 0; i < kEventKindCount; ++i) {
    if (kRows[i].name == name) return static_cast<EventKind>(i);
  }
  return EventKind::count_;
}

std::string_view enum_name(Unit unit, std::uint64_t value) {
  switch (unit) {
    case Unit::kThreadState: return pick(kThreadStates, value);
    case Unit::kReadyReason: return pick(kReadyReasons, value);
    case Unit::kConnectionState: return pick(kConnectionStates, value);
    case Unit::kTxnState: return pick(kTxnStates, value);
    case Unit::kTxnCall: return pick(kTxnCalls, value);
    case Unit::kTxnStage: return pick(kTxnStages, value);
    case Unit::kTxnMarker: return pick(kTxnMarkers, value);
    case Unit::kNodeState: return pick(kNodeStates, value);
    case Unit::kMessageKind: return pick(kMessageKinds, value);
    case Unit::kCheckOutcome: return pick(kCheckOutcomes, value);
    case Unit::kLossReason: return pick(kLossReasons, value);
    default: return {};
  }
}

}  // namespace sendscope
