// The type of the window: roles instead of sizes, and who measures them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace sendscope::ui {

// Sans: Inter. Mono: JetBrains Mono, for numbers, identifiers and times.
enum class Font : std::uint8_t {
  kTitle,       // sans 15, semibold
  kHeading,     // sans 11, semibold, capitals set apart
  kBody,        // sans 13
  kBodyStrong,  // sans 13, medium
  kSmall,       // sans 12
  kLabel,       // sans 11
  kTiny,        // sans 10
  kClock,       // mono 15, medium
  kMono,        // mono 12
  kMonoStrong,  // mono 12, medium
  kMonoSmall,   // mono 11
  kMonoTiny,    // mono 10
  kCount_
};
inline constexpr int kFontCount = static_cast<int>(Font::kCount_);

struct FontSpec {
  bool mono;
  int weight;        // 400, 500, 600
  float em;          // logical pixels
  float tracking;    // added after every character, logical pixels
  float cap_height;  // of the capitals, logical pixels: what is centred in a row
};
const FontSpec& font_spec(Font font);

// A gap that groups the digits of a number ("1 207"), U+202F as narration.h writes it, set as this part of an
// em in every face.
inline constexpr std::string_view kThinGap = "\xe2\x80\xaf";
inline constexpr float kThinGapEm = 0.30f;

// Width of text in logical pixels, on one line.
class TextMeasure {
 public:
  virtual ~TextMeasure() = default;
  virtual float width(Font font, std::string_view text) const = 0;
};

// `text`, shortened with an ellipsis at its end so that it fits `width`; empty when not even that fits.
std::string fit_text(const TextMeasure& measure, Font font, std::string_view text, float width);

// A name, shortened in its middle: its end, which mostly is a number, tells it from its like.
std::string fit_name(const TextMeasure& measure, Font font, std::string_view name, float width);

// The first of several ways to say a thing, longest first, that fits `width`; the last when none does.
std::string_view fitting(const TextMeasure& measure, Font font, float width,
                         std::initializer_list<std::string_view> ways);

// Breaks text into lines of at most `width`, at spaces; a word that is too long is shortened.
std::string wrap_text(const TextMeasure& measure, Font font, std::string_view text, float width);

// Length in bytes of the UTF-8 character at the start of `text`; 1 for a broken one, 0 for no text.
std::size_t utf8_length(std::string_view text);
// Appends the character of a code point of Unicode.
void append_utf8(std::string& text, std::uint32_t code);

// In lower case, as far as its letters are ASCII.
std::string folded(std::string_view text);
// Case does not count.
bool contains_folded(std::string_view text, std::string_view part);

}  // namespace sendscope::ui
