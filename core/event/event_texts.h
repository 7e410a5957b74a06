// The texts of events: sentences and brief words of every kind (kinds.def), words of enumerated fields
// (words.def), and the few others that narration needs (texts.def).
#pragma once

#include "core/event/catalogue.h"
#include "core/event/event.h"

namespace sendscope {

enum class EventText : std::uint16_t {
#define TEXT(id, english) id,
#include "core/event/texts.def"
#undef TEXT
  count_
};

TextTable& event_texts();

std::string_view say(EventText id);
template <typename... Values>
std::string say(EventText id, const Values&... values) {
  return fill(say(id), {std::string_view(values)...});
}

// The sentence of a kind, and its brief words; these may be empty.
std::string_view sentence_of(EventKind kind);
std::string_view brief_of(EventKind kind);

// "waiting for memory", "waits for memory"; empty where the unit has no such value or no words (kTxnCall).
std::string_view enum_words(Unit unit, std::uint64_t value);
std::string_view enum_words_alone(Unit unit, std::uint64_t value);

}  // namespace sendscope
