// Numbers and times as the window writes them. What narration.h has is used from there.
#pragma once

#include <string>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "ui/layout/text.h"

namespace sendscope::ui {

// Digits in groups of three, set apart by the thin gap ("1 207").
std::string count_text(std::int64_t value);
// "00:00.042 310": minutes, seconds, milliseconds, microseconds.
std::string clock_text(Nanos t);
// Bytes in the unit that suits the largest of a column, so that its numbers can be compared: "32 734 KiB",
// "0.2 KiB".
std::string column_bytes(std::int64_t bytes, std::int64_t largest);
// "71 %" of a whole; "<1 %" of what is not nothing.
std::string share_text(std::int64_t part, std::int64_t whole);
// A length of time, short: three significant digits ("61 ms", "9.1 s", "850 µs").
std::string short_duration(Nanos t);
// Milliseconds with three decimals, for columns of numbers ("20.104").
std::string millis_text(Nanos t);
// "0.02x", "1x", "max".
std::string speed_text(double speed);
// "#16", the n-th batch of its producer.
std::string batch_label(BatchId batch);
std::string record_label(RecordId record);
std::string request_label(RequestId request);
// "node 2"; "bootstrap 1": an address of bootstrap.servers.
std::string node_label(NodeId node);
// What a thread does, beside it ("waits for memory").
std::string thread_words(ThreadState state);
// "NOT_LEADER_OR_FOLLOWER": Kafka's name of an error code as events carry it, in their low 16 bits.
std::string error_word(std::int64_t error);
// A value of an event's field as the narration says it ("linger expired", "checking api versions").
std::string words_of(Unit unit, std::uint64_t value, const EventLog& log);
// "commitTransaction()"
std::string txn_call_words(std::uint32_t call);

}  // namespace sendscope::ui
