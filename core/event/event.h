// The one stream that everything a person sees is drawn from.
//
// An Event is 32 bytes of plain data. What its fields mean is said by the row of its kind in kinds.def; words
// (topics, configuration values) are numbers of strings interned at the sink.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/types.h"

namespace sendscope {

enum class EventKind : std::uint16_t {
#define EVENT(kind, actor, place, subject, a, b, sentence, brief) kind,
#include "core/event/kinds.def"
#undef EVENT
  count_
};

inline constexpr int kEventKindCount = static_cast<int>(EventKind::count_);

inline constexpr std::uint16_t kNoActor = 0xffff;
inline constexpr std::uint32_t kNoPlace = 0x80000000;  // a partition index or a NodeId otherwise

// Index of a partition in the run: the order of its partition_named event.
using PartitionIndex = std::uint32_t;
// Index of a string interned at the sink; 0 is the empty string.
using StringId = std::uint32_t;

struct Event {
  Nanos t = 0;
  EventKind kind{};
  std::uint16_t actor = kNoActor;
  std::uint32_t place = kNoPlace;
  std::uint64_t subject = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;

  bool operator==(const Event&) const = default;
};
static_assert(sizeof(Event) == 32);

// A batch in a field of 32 bits has only its number there; it is of the producer that the subject is of.
constexpr BatchId batch_beside(std::uint64_t subject, std::uint32_t number) {
  return make_id(producer_of_id(subject), number);
}

enum class Unit : std::uint8_t {
#define UNIT(id, words) id,
#include "core/event/units.def"
#undef UNIT
  count_
};

inline constexpr int kUnitCount = static_cast<int>(Unit::count_);

// "thread state"; empty for kNone.
std::string_view unit_words(Unit unit);

struct FieldRow {
  std::string_view name;  // empty: the kind does not use this field
  Unit unit = Unit::kNone;
};

struct KindRow {
  std::string_view name;
  FieldRow actor, place, subject, a, b;
  std::string_view sentence, brief;  // in English
};

const KindRow& kind_row(EventKind kind);
// EventKind::count_ when no kind has this name.
EventKind find_kind(std::string_view name);

// Where a value of the configuration comes from: nobody set it, the application did, or it follows from
// others.
enum class ConfigSource : std::uint8_t { kDefault, kGiven, kDerived };

// One of the values that config_defaults speaks of: lists of events and single steps pass over it.
constexpr bool is_default_value(const Event& event) {
  return event.kind == EventKind::config_set &&
         event.place == static_cast<std::uint32_t>(ConfigSource::kDefault);
}

// Values of enumerated fields. Their names are printed by enum_name(); the order is part of the trace format.
enum class ThreadState : std::uint8_t {
  kRunning,
  kSleeping,
  kWaitingMetadata,
  kWaitingMemory,
  kFlushing,
  kWaitingResult,
  kClosing,
  kWaitingBarrier,
  kWaitingTransaction,
  kClosed,
};
enum class ReadyReason : std::uint8_t {
  kFull,
  kLingerExpired,
  kExhausted,
  kClosed,
  kFlush,
  kTransaction,
  kRetry
};
enum class ConnectionState : std::uint8_t {
  kDisconnected,
  kConnecting,
  kCheckingApiVersions,
  kReady,
  kAuthenticationFailed
};
enum class TxnState : std::uint8_t {
  kUninitialized,
  kInitializing,
  kReady,
  kInTransaction,
  kPreparedTransaction,
  kCommitting,
  kAborting,
  kAbortable,
  kFatal,
};
// The transactional calls of an application.
enum class TransactionCall : std::uint8_t { kInit, kBegin, kSendOffsets, kCommit, kAbort };
enum class NodeState : std::uint8_t { kUp, kKilled, kPaused };
enum class MessageKind : std::uint8_t { kRequest, kResponse };
// Where the transaction coordinator stands with a transactional id. Kafka: TransactionState.
enum class TxnStage : std::uint8_t {
  kEmpty,
  kOngoing,
  kPrepareCommit,
  kPrepareAbort,
  kCompleteCommit,
  kCompleteAbort,
  kPrepareEpochFence,
};
enum class TxnMarker : std::uint8_t { kAbort, kCommit };
enum class CheckOutcome : std::uint8_t { kHeld, kBroken, kUndecided };
// Why a connection is gone, as far as the producer can tell.
enum class LossReason : std::uint8_t {
  kNone,
  kRefused,
  kUnreachable,
  kUnknownHost,
  kSetupTimeout,  // connecting took longer than socket.connection.setup.timeout.ms
  kSpeaksTls,
  kWebServer,
  kEcho,  // what came is what was sent
  kNotKafka,
  kSilent,                // ApiVersions was not answered within request.timeout.ms
  kClosedUnanswered,      // by the peer, before it answered ApiVersions
  kClosedAtFirstRequest,  // by the peer, which had answered nothing but ApiVersions
  kClosedByPeer,
  kRequestTimeout,
  kMalformedResponse,
  kVersionsRefused,  // ApiVersions was answered with an error
  kIdle,
  kClosedHere,
  kStartsOver,
};

// The word for an enumerated value ("waiting_memory"); empty when the unit is not an enumeration or has no
// such value.
std::string_view enum_name(Unit unit, std::uint64_t value);
// All words of an enumeration, by value; none when the unit is not one.
std::vector<std::string_view> enum_names(Unit unit);

}  // namespace sendscope
