// The texts of the window (texts.def) and of its commands (commands.def); catalogue.h says what a text is.
#pragma once

#include "core/event/event_texts.h"

namespace sendscope::ui {

enum class Text : std::uint16_t {
#define TEXT(id, english) id,
#include "ui/layout/texts.def"
#undef TEXT
  kCount_
};

TextTable& window_texts();
// Every text that a user of the window sees.
std::span<TextTable* const> all_texts();

std::string_view say(Text id);
template <typename... Values>
std::string say(Text id, const Values&... values) {
  return fill(say(id), {std::string_view(values)...});
}
std::string said(Text id);
std::string said(EventText id);

// Lines of a tip: name, value and the configuration that governs it; and a sentence.
std::string tip_row(Text name, std::string_view value, std::string_view config = {});
std::string tip_line(Text text);

// The label of a command and the words of a line of the sheet, by their numbers in commands.def.
std::string_view command_text(std::size_t command);
std::string_view sheet_text(std::size_t line);

}  // namespace sendscope::ui
