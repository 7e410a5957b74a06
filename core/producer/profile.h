// Generations of Kafka's producer: what differs between their defaults and behaviours, as one table. Each
// is its newest patch release: 3.9.2, 4.0.2, 4.1.2, 4.3.1 (4.2 is as 4.3).
//
// Not carried, and why:
// - formats v0 and v1 of records for Produce up to 2 (KIP-896, KIP-724): no broker that is still run needs
//   them;
// - DefaultPartitioner and UniformStickyPartitioner, and that a partitioner of one's own is asked again for
//   a new batch (3.9): their class names are refused, as by 4.0;
// - flush() within a callback, which hangs in 3.9 and 4.0: it fails in every profile;
// - defects that the last patch of each has mended: flush() that does not wait for the parts of a split
//   batch, memory of an expired batch that is lent again while its bytes are still being sent;
// - exception families of KIP-1050, telemetry, metrics of plug-ins, two-phase commit: nothing here decides
//   by them;
// - the wording of errors, which is our own.
//
// Constant data; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sendscope {

struct Profile {
  std::string_view name;  // "kafka-4.3"

  // ---- defaults
  std::string_view linger_ms;          // linger.ms (KIP-1030)
  std::string_view recovery_strategy;  // metadata.recovery.strategy (KIP-899, KIP-1102)

  // ---- configuration
  // With more than five requests in flight and enable.idempotence not given, idempotence is turned off; later
  // that is an error (KAFKA-17927).
  bool in_flight_turns_idempotence_off;
  // Lists may have neither blank items nor none where one is needed, and items given twice are dropped
  // (KIP-1161). Before, an empty bootstrap.servers fails only when the producer is made.
  bool checks_lists;

  // ---- protocol: the newest versions it speaks
  std::int16_t latest_produce;   // 13: topic ids (KIP-516)
  std::int16_t latest_metadata;  // 13: an error for the whole answer (KIP-1102)
  bool transactions_v2;          // where the brokers have them (KIP-890)

  // ---- behaviour
  // It also starts over from the bootstrap addresses after metadata.recovery.rebootstrap.trigger.ms without
  // metadata, or when a broker says so (KIP-1102); before, only when no node can be used.
  bool rebootstraps_by_time;
  // The parts of a batch that was split and is too large again are half as large; before, batch.size again,
  // so that a batch can be split into itself until it expires (KAFKA-8350).
  bool halves_split_batches;
  // INVALID_PRODUCER_ID_MAPPING ends the transaction, not the producer, when its epoch can be raised
  // (KAFKA-18019 made it fatal).
  bool survives_lost_id_mapping;
  // What ends a transaction because retries are over is told as TRANSACTION_ABORTABLE, with the error as its
  // cause; before, the error itself (KAFKA-19176, KAFKA-19177).
  bool wraps_last_error;
  // TRANSACTION_ABORTABLE as the answer to an abort is fatal; before, one may abort again (KAFKA-19250).
  bool refused_abort_is_fatal;
  // Interceptors get a record's headers with its acknowledgement (KIP-512).
  bool acknowledges_with_headers;
  // bufferpool-wait-time-total, io-waittime-total and iotime-total, beside those in nanoseconds by name.
  bool old_time_metrics;
};

// Oldest first.
std::span<const Profile> profiles();
const Profile& newest_profile();
// nullptr when there is none of that name.
const Profile* find_profile(std::string_view name);
// "kafka-3.9, kafka-4.0 or ..."
std::string profile_names();

}  // namespace sendscope
