// Numbers and times as the window writes them. What narration.h has is used from there.
#pragma once

#include <string>

#include "core/event/narration.h"
#include "ui/layout/text.h"

namespace sendscope::ui {

// Digits in groups of three, set apart by the thin gap ("1 207").
std::string count_text(std::int64_t value);
// "00:00.042 310": minutes, seconds, milliseconds, microseconds.
std::string clock_text(Nanos t);
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
// A word for people from a name of the event table ("waiting_memory" -> "waits for memory").
std::string thread_words(ThreadState state);
// "commitTransaction()"
std::string txn_call_words(std::uint32_t call);

}  // namespace sendscope::ui
