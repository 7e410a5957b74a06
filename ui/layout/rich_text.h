// Paragraphs with `code` and **strong** words, broken into lines: what lessons are written in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/layout/scene.h"

namespace sendscope::ui {

struct RichRun {
  Font font = Font::kSmall;
  Paint paint;
  float x = 0;   // within the line
  int line = 0;  // a blank line stands between paragraphs
  float width = 0;
  std::string text;
};

// Lines are at most `width` wide; a word longer than that is shortened.
std::vector<RichRun> layout_rich_text(const TextMeasure& measure, std::string_view text, float width);

// The words without the signs of `code` and **strong**, for where they stand on one line.
std::string plain_words(std::string_view text);

}  // namespace sendscope::ui
