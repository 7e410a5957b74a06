#include "core/event/event_texts.h"

#include <array>

namespace sendscope {
namespace {

// Sentences, brief words, words, words alone, the others.
constexpr TextRow kTextRows[] = {
#define EVENT(kind, actor, place, subject, a, b, sentence, brief) {"event." #kind, sentence},
#include "core/event/kinds.def"
#undef EVENT
#define EVENT(kind, actor, place, subject, a, b, sentence, brief) {"brief." #kind, brief},
#include "core/event/kinds.def"
#undef EVENT
#define WORD(unit, name, words, alone) {"word." #unit "." #name, words},
#include "core/event/words.def"
#define WORD(unit, name, words, alone) {"alone." #unit "." #name, alone},
#include "core/event/words.def"
#define TEXT(id, english) {"event_text." #id, english},
#include "core/event/texts.def"
#undef TEXT
};

struct WordRow {
  Unit unit;
  std::string_view name;
};
constexpr WordRow kWordRows[] = {
#define WORD(unit, name, words, alone) {Unit::unit, #name},
#include "core/event/words.def"
};

constexpr std::size_t kKinds = static_cast<std::size_t>(kEventKindCount);
constexpr std::size_t kFirstWord = 2 * kKinds;
constexpr std::size_t kFirstAlone = kFirstWord + std::size(kWordRows);
constexpr std::size_t kFirstText = kFirstAlone + std::size(kWordRows);
constexpr std::size_t kNoWord = std::size(kWordRows);

// Where the words of each unit begin.
constexpr std::size_t kUnits = static_cast<std::size_t>(kUnitCount);
constexpr std::array<std::size_t, kUnits> kFirstOfUnit = [] {
  std::array<std::size_t, kUnits> first{};
  first.fill(kNoWord);
  for (std::size_t i = kNoWord; i > 0; --i) first[static_cast<std::size_t>(kWordRows[i - 1].unit)] = i - 1;
  return first;
}();

std::size_t word_row(Unit unit, std::uint64_t value) {
  const std::size_t first = kFirstOfUnit[static_cast<std::size_t>(unit)];
  if (value >= kNoWord - first) return kNoWord;
  const std::size_t row = first + static_cast<std::size_t>(value);
  return kWordRows[row].unit == unit ? row : kNoWord;
}

constexpr std::string_view kTxnCalls[] = {"initTransactions", "beginTransaction", "sendOffsetsToTransaction",
                                          "commitTransaction", "abortTransaction"};

}  // namespace

TextTable& event_texts() {
  static TextTable texts{kTextRows};
  return texts;
}

std::string_view say(EventText id) { return event_texts()[kFirstText + static_cast<std::size_t>(id)]; }
std::string_view sentence_of(EventKind kind) { return event_texts()[static_cast<std::size_t>(kind)]; }
std::string_view brief_of(EventKind kind) { return event_texts()[kKinds + static_cast<std::size_t>(kind)]; }

std::string_view enum_words(Unit unit, std::uint64_t value) {
  const std::size_t row = word_row(unit, value);
  return row == kNoWord ? std::string_view{} : event_texts()[kFirstWord + row];
}

std::string_view enum_words_alone(Unit unit, std::uint64_t value) {
  const std::size_t row = word_row(unit, value);
  if (row == kNoWord) return {};
  const std::string_view alone = event_texts()[kFirstAlone + row];
  return alone.empty() ? event_texts()[kFirstWord + row] : alone;
}

std::string_view enum_name(Unit unit, std::uint64_t value) {
  if (unit == Unit::kTxnCall) return value < std::size(kTxnCalls) ? kTxnCalls[value] : std::string_view{};
  const std::size_t row = word_row(unit, value);
  return row == kNoWord ? std::string_view{} : kWordRows[row].name;
}

}  // namespace sendscope
