// What a batch or record can wait for (wait_causes.def), and whose time that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sendscope {

enum class WaitCause : std::uint8_t {
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) cause,
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
};
inline constexpr std::size_t kWaitCauses = static_cast<std::size_t>(WaitCause::kCallbacks) + 1;

// kBehind: before the wire, until earlier requests are answered. kBeyond: on the wire or at the broker, and
// not known which.
enum class LatencySide : std::uint8_t { kBefore, kBehind, kWire, kBroker, kBeyond, kAfter };
inline constexpr std::size_t kLatencySides = 6;
LatencySide side_of(WaitCause cause);

// "waited for linger"; the same as it goes on, in a word or two: "lingers".
std::string_view wait_cause_text(WaitCause cause);
std::string_view wait_cause_brief(WaitCause cause);
// Why it goes on: a sentence with the places {0} partition, {1} what is waited for, {2} time left.
std::string_view not_yet_text(WaitCause cause);
// Where to look when it takes long: a sentence.
std::string_view look_text(WaitCause cause);

}  // namespace sendscope
