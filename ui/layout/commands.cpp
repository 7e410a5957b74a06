#include "ui/layout/commands.h"

#include <algorithm>

#include "core/base/check.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

enum class Argument : std::uint8_t { kFree, kGiven };
enum class Effect : std::uint8_t { kStays, kMoves };
enum class Listing : std::uint8_t { kListed, kUnlisted };
enum class Hold : std::uint8_t { kOnce, kRepeats };

struct VerbRow {
  Argument argument;
  Effect cursor;
};
constexpr VerbRow kVerbs[] = {
    {Argument::kGiven, Effect::kStays},  // kNothing
#define VERB(verb, argument, cursor) {Argument::argument, Effect::cursor},
#include "ui/layout/commands.def"
};

constexpr Chord key(char cap) { return {key_of(cap), false, false}; }
constexpr Chord key(Key named) { return {named, false, false}; }
constexpr Chord shift(char cap) { return {key_of(cap), false, true}; }
constexpr Chord shift(Key named) { return {named, false, true}; }
constexpr Chord control(char cap) { return {key_of(cap), true, false}; }
constexpr Chord control(Key named) { return {named, true, false}; }
constexpr Chord control_shift(char cap) { return {key_of(cap), true, true}; }

#define KEYS(...) \
  { __VA_ARGS__ }
#define NO_KEYS \
  {}
constexpr Command kCommands[] = {
#define COMMAND(command, verb, value, keys, line, palette, hold, label) \
  {#command,                                                            \
   Verb::verb,                                                          \
   value,                                                               \
   {keys},                                                              \
   SheetLine::line,                                                     \
   Listing::palette == Listing::kListed,                                \
   Hold::hold == Hold::kRepeats},
#include "ui/layout/commands.def"
};
#undef KEYS
#undef NO_KEYS

bool is_numeral(Key pressed) { return pressed >= key_of('1') && pressed <= key_of('9'); }

bool matches(const Chord& row, const Chord& pressed) {
  if (row.control != pressed.control) return false;
  if (row.shift != pressed.shift && (row.shift || !row.control)) return false;
  return row.key == Key::kNumeral ? is_numeral(pressed.key) : row.key == pressed.key;
}

std::string_view name_of(Key named) {
  switch (named) {
    case Key::kLeft: return "Left";
    case Key::kRight: return "Right";
    case Key::kUp: return "Up";
    case Key::kDown: return "Down";
    case Key::kHome: return "Home";
    case Key::kEnd: return "End";
    case Key::kTab: return "Tab";
    case Key::kEnter: return "Enter";
    case Key::kEscape: return "Esc";
    case Key::kBackspace: return "Backspace";
    case Key::kF1: return "F1";
    case Key::kPadPlus: return "+";
    case Key::kPadMinus: return "-";
    case Key::kNumeral: return "1..9";
    default: return named == key_of(' ') ? "Space" : std::string_view{};
  }
}

// One name once: two keys may say the same.
void add_names(const Command& command, std::string& out, std::string& last) {
  for (const Chord& chord : command.keys) {
    if (chord.key == Key::kNone) return;
    const std::string name = chord_name(chord);
    if (name == last) continue;
    if (!out.empty()) out += "  ";
    out += name;
    last = name;
  }
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

const Command* command_of(const Chord& chord) {
  if (chord.key == Key::kNone) return nullptr;
  const Command* found = nullptr;
  for (const Command& command : kCommands) {
    for (const Chord& row : command.keys) {
      if (row.key == Key::kNone || !matches(row, chord)) continue;
      if (row == chord) return &command;
      found = &command;
    }
  }
  return found;
}

Action action_of(const Command& command, const View& view, const Chord& by) {
  Action action = act(command.verb, command.value);
  if (command.keys[0].key == Key::kNumeral && is_numeral(by.key))
    action.value = static_cast<int>(by.key) - static_cast<int>(key_of('1'));
  if (command.verb == Verb::kFaultMenu) action.subject = view.selected;
  return action;
}

bool is_free(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)].argument == Argument::kFree; }
bool moves_cursor(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)].cursor == Effect::kMoves; }

std::string_view command_label(const Command& command) {
  return command_text(static_cast<std::size_t>(&command - kCommands));
}

std::string_view command_label(Verb verb) {
  for (const Command& command : kCommands) {
    if (command.verb == verb) return command_label(command);
  }
  return {};
}

std::string command_tip(Verb verb) {
  const std::string label(command_label(verb));
  return key_name(verb).empty() ? label : label + key_line(verb);
}

// Where Shift makes another sign of a key, the sign is what a person looks for.
std::string chord_name(const Chord& chord) {
  if (chord == shift('/')) return "?";
  std::string name;
  if (chord.control) name += "Ctrl ";
  if (chord.shift) name += "Shift ";
  if (chord == control('=')) return name + "+";
  const std::string_view named = name_of(chord.key);
  return named.empty() ? name + static_cast<char>(chord.key) : name + std::string(named);
}

std::string key_name(Verb verb, std::int64_t value) {
  for (const Command& command : kCommands) {
    if (command.verb == verb && command.value == value && command.has_keys())
      return chord_name(command.keys[0]);
  }
  return {};
}

std::string key_line(Verb verb) { return "\n" + say(Text::key_is, key_name(verb)); }

std::string key_names(const Command& command) {
  std::string out, last;
  add_names(command, out, last);
  return out;
}

std::string key_names(SheetLine line) {
  std::string out, last;
  for (const Command& command : kCommands) {
    if (command.line == line) add_names(command, out, last);
  }
  return out;
}

std::string_view line_words(SheetLine line) {
  SENDSCOPE_CHECK(line < SheetLine::kNone);
  return sheet_text(static_cast<std::size_t>(line));
}

}  // namespace sendscope::ui
