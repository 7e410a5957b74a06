#include "ui/layout/texts.h"

#include "core/model/model_texts.h"
#include "sim/run/texts.h"

namespace sendscope::ui {
namespace {

constexpr TextRow kWindowTexts[] = {
#define TEXT(id, english) {"text." #id, english},
#include "ui/layout/texts.def"
#undef TEXT
#define COMMAND(command, verb, value, keys, line, palette, hold, label) {"command." #command, label},
#include "ui/layout/commands.def"
#define LINE(line, words) {"keys." #line, words},
#include "ui/layout/commands.def"
};

enum class Row : std::uint8_t {
#define COMMAND(command, verb, value, keys, line, palette, hold, label) command,
#include "ui/layout/commands.def"
  kCount_
};
constexpr std::size_t kFirstCommand = static_cast<std::size_t>(Text::kCount_);
constexpr std::size_t kFirstLine = kFirstCommand + static_cast<std::size_t>(Row::kCount_);

}  // namespace

TextTable& window_texts() {
  static TextTable texts{kWindowTexts};
  return texts;
}

std::span<TextTable* const> all_texts() {
  static TextTable* const kAll[] = {&event_texts(), &model_texts(), &run::run_texts(), &window_texts()};
  return kAll;
}

std::string_view say(Text id) { return window_texts()[static_cast<std::size_t>(id)]; }
std::string said(Text id) { return std::string(say(id)); }
std::string said(EventText id) { return std::string(say(id)); }

std::string tip_row(Text name, std::string_view value, std::string_view config) {
  std::string out = "\n";
  out += say(name);
  out += '\t';
  out += value;
  if (!config.empty()) out += '\t';
  return out += config;
}

std::string tip_line(Text text) { return "\n" + said(text); }

std::string_view command_text(std::size_t command) { return window_texts()[kFirstCommand + command]; }
std::string_view sheet_text(std::size_t line) { return window_texts()[kFirstLine + line]; }

}  // namespace sendscope::ui
