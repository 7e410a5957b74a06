#include "ui/workbench/keyboard.h"

#include <algorithm>

#include "core/event/narration.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kLongestText = 120;

void erase_last(std::string& text) {
  while (!text.empty() && (text.back() & 0xc0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace

void Keyboard::press(const Chord& chord, bool held) {
  bench_->hide_tip();
  if (bench_->view().palette_open) {
    choose(chord.key);
    return;
  }
  const Command* command = command_of(chord);
  if (command != nullptr && (!held || command->repeats)) act(action_of(*command, bench_->view(), chord));
}

void Keyboard::choose(Key key) {
  View& view = bench_->view();
  switch (key) {
    case Key::kEscape: view.palette_open = false; return;
    case Key::kUp: --view.palette_row; break;
    case Key::kDown: ++view.palette_row; break;
    case Key::kBackspace:
      erase_last(view.palette_text);
      view.palette_row = 0;
      break;
    case Key::kEnter: {
      const auto entries = bench_->palette();
      const auto row = static_cast<std::size_t>(view.palette_row);
      if (row < entries.size() && !entries[row].action) return;  // it says what is wrong
      view.palette_open = false;
      if (row < entries.size()) act(entries[row].action);  // it may open it again
      return;
    }
    default: return;
  }
  const auto count = static_cast<int>(bench_->palette().size());
  view.palette_row = std::clamp(view.palette_row, 0, std::max(0, count - 1));
}

void Keyboard::type(unsigned code) {
  View& view = bench_->view();
  if (!view.palette_open || code < 32 || code == 127 || view.palette_text.size() > kLongestText) return;
  // The character of the key that opened the search is not meant for it.
  if (view.palette_text.empty() && (code == ';' || code == '/')) return;
  append_utf8(view.palette_text, code);
  view.palette_row = 0;
}

}  // namespace sendscope::ui
