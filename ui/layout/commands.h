// The commands of the window (commands.def) and the keys that ask for them. Keys are named without any
// toolkit: each shell maps the codes of its own to them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "ui/layout/view.h"

namespace sendscope::ui {

// A key by what its cap says on an American keyboard: letters as capitals, numerals and signs as themselves.
// The named ones stand above all characters.
enum class Key : std::uint16_t {
  kNone = 0,
  kLeft = 256,
  kRight,
  kUp,
  kDown,
  kHome,
  kEnd,
  kTab,
  kEnter,
  kEscape,
  kBackspace,
  kF1,
  kPadPlus,
  kPadMinus,
  kNumeral,  // in the table only: any of 1 to 9, which counts from there
};
constexpr Key key_of(char cap) { return static_cast<Key>(static_cast<unsigned char>(cap)); }

// A key and what is held down with it.
struct Chord {
  Key key = Key::kNone;
  bool control = false, shift = false;
  bool operator==(const Chord&) const = default;
};

// A line of the sheet of keys, in its order; kNone: none.
enum class SheetLine : std::uint8_t {
#define LINE(line, words) line,
#include "ui/layout/commands.def"
  kNone,
};

struct Command {
  std::string_view name;
  Verb verb{};
  std::int64_t value = 0;
  std::array<Chord, 3> keys;  // as many as are set
  SheetLine line = SheetLine::kNone;
  bool listed = false;   // in the palette
  bool repeats = false;  // while its key is held down

  bool has_keys() const { return keys[0].key != Key::kNone; }
};
std::span<const Command> commands();

// The command of a chord, Shift counting with Control only where a command asks for both; nullptr: it has no
// meaning.
const Command* command_of(const Chord& chord);
// What the command asks for: of a palette's row, and of the chord by which it was asked for.
Action action_of(const Command& command, const View& view, const Chord& by = {});

// The verb is asked for by rows of the table; otherwise by whoever gives what it needs.
bool is_free(Verb verb);
bool moves_cursor(Verb verb);

// "Step one event back"; of a verb: that of its first command.
std::string_view command_label(const Command& command);
std::string_view command_label(Verb verb);
// The label, and the key that asks for the verb: a tip.
std::string command_tip(Verb verb);

// "Left", "Ctrl Shift P", "?".
std::string chord_name(const Chord& chord);
// The first key of the command that asks for this; empty: there is none.
std::string key_name(Verb verb, std::int64_t value = 0);
// The line of a tip that names it: "\nkey: Left".
std::string key_line(Verb verb);
// All keys of a command, of a line of the sheet: "Ctrl Shift P  ;  /".
std::string key_names(const Command& command);
std::string key_names(SheetLine line);
std::string_view line_words(SheetLine line);

}  // namespace sendscope::ui
