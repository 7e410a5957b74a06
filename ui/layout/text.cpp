#include "ui/layout/text.h"

#include "core/base/check.h"

namespace sendscope::ui {
namespace {

constexpr float kSansCaps = 0.727f, kMonoCaps = 0.73f;
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

constexpr FontSpec sans(int weight, float em, float tracking = 0) {
  return {false, weight, em, tracking, em * kSansCaps};
}
constexpr FontSpec mono(int weight, float em) { return {true, weight, em, 0, em * kMonoCaps}; }

constexpr FontSpec kSpecs[kFontCount] = {sans(600, 15), sans(600, 11, 0.55f), sans(400, 13), sans(500, 13),
                                         sans(400, 12), sans(400, 11),        sans(400, 10), mono(500, 15),
                                         mono(400, 12), mono(500, 12),        mono(400, 11), mono(400, 10)};

// Bytes of the longest prefix of whole characters that is at most `width` wide.
std::size_t prefix_that_fits(const TextMeasure& measure, Font font, std::string_view text, float width) {
  std::size_t low = 0, high = text.size();  // measured in bytes, moved to character starts
  while (low < high) {
    std::size_t middle = low + (high - low + 1) / 2;
    while (middle < text.size() && (static_cast<unsigned char>(text[middle]) & 0xc0) == 0x80) ++middle;
    if (middle > high) middle = high;
    if (measure.width(font, text.substr(0, middle)) <= width) {
      low = middle;
    } else {
      high = middle - 1;
      while (high > low && (static_cast<unsigned char>(text[high]) & 0xc0) == 0x80) --high;
    }
  }
  return low;
}

void take_line(std::string& out, std::string_view line) {
  if (!out.empty()) out += '\n';
  out += line;
}

}  // namespace

const FontSpec& font_spec(Font font) {
  SENDSCOPE_CHECK(font < Font::kCount_);
  return kSpecs[static_cast<int>(font)];
}

std::string fit_text(const TextMeasure& measure, Font font, std::string_view text, float width) {
  if (measure.width(font, text) <= width) return std::string(text);
  const float room = width - measure.width(font, kEllipsis);
  if (room < 0) return {};
  std::string_view kept = text.substr(0, prefix_that_fits(measure, font, text, room));
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return std::string(kept) + std::string(kEllipsis);
}

std::string fit_name(const TextMeasure& measure, Font font, std::string_view name, float width) {
  if (measure.width(font, name) <= width) return std::string(name);
  const float room = width - measure.width(font, kEllipsis);
  std::size_t from =
      name.size();  // of the end that is kept: what is left of half the room, at least a number
  std::size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') --digits;
  if (digits > 0 && digits < name.size()) --digits;  // with the sign before it
  const auto before = [&](std::size_t at) {
    do --at;
    while (at > 0 && (static_cast<unsigned char>(name[at]) & 0xc0) == 0x80);
    return at;
  };
  while (from > 0) {
    const std::size_t next = before(from);
    const float end = measure.width(font, name.substr(next));
    if (end > room || (next < digits && end > room / 2)) break;
    from = next;
  }
  const std::string_view tail = name.substr(from);
  const float left = room - measure.width(font, tail);
  if (left < 0) return {};
  return std::string(name.substr(0, std::min(from, prefix_that_fits(measure, font, name, left)))) +
         std::string(kEllipsis) + std::string(tail);
}

std::string_view fitting(const TextMeasure& measure, Font font, float width,
                         std::initializer_list<std::string_view> ways) {
  for (const std::string_view way : ways) {
    if (measure.width(font, way) <= width) return way;
  }
  return ways.size() == 0 ? std::string_view{} : *(ways.end() - 1);
}

std::string wrap_text(const TextMeasure& measure, Font font, std::string_view text, float width) {
  std::string out, line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::string word(text.substr(0, end));
    const bool breaks = end < text.size() && text[end] == '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!word.empty()) {
      const std::string longer = line.empty() ? word : line + ' ' + word;
      if (measure.width(font, longer) <= width) {
        line = longer;
      } else {
        if (!line.empty()) take_line(out, line);
        line = fit_text(measure, font, word, width);
      }
    }
    if (breaks) {
      take_line(out, line);
      line.clear();
    }
  }
  if (!line.empty()) take_line(out, line);
  return out;
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return length <= text.size() ? length : 1;
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool contains_folded(std::string_view text, std::string_view part) {
  return folded(text).find(folded(part)) != std::string::npos;
}

}  // namespace sendscope::ui
