#include "ui/layout/rich_text.h"

namespace sendscope::ui {
namespace {

struct Style {
  bool code = false, strong = false;
  Font font() const { return code ? Font::kMonoSmall : strong ? Font::kBodyStrong : Font::kSmall; }
  Paint paint() const { return {code ? Tone::kAccent : Tone::kText, 1}; }
};

class Flow {
 public:
  Flow(const TextMeasure& measure, float width)
      : measure_(measure), width_(width), space_(measure.width(Font::kSmall, " ")) {}

  // A piece of a word in one style; pieces without a space between them stay together on a line.
  void piece(const Style& style, std::string_view text, bool space_before) {
    float w = measure_.width(style.font(), text);
    // A configuration's name that is longer than a line goes on after one of its dots.
    while (w > width_) {
      const std::size_t head = fitting_head(style, text);
      if (head == 0) break;
      piece(style, text.substr(0, head), space_before);
      text.remove_prefix(head);
      space_before = false;
      w = measure_.width(style.font(), text);
    }
    const float gap = space_before && x_ > 0 ? space_ : 0;
    if (x_ + gap + w > width_ && x_ > 0) {
      ++line_;
      x_ = 0;
    } else {
      x_ += gap;
    }
    RichRun run{style.font(), style.paint(), x_, line_, w, std::string(text)};
    if (w > width_) {
      run.text = fit_text(measure_, run.font, text, width_);
      run.width = measure_.width(run.font, run.text);
    }
    x_ += run.width;
    runs_.push_back(std::move(run));
  }
  void paragraph() {
    if (runs_.empty()) return;
    line_ += 2;
    x_ = 0;
  }
  std::vector<RichRun> take() { return std::move(runs_); }

 private:
  // Bytes up to and with the last dot whose part fits a line, not the whole text; 0: there is none.
  std::size_t fitting_head(const Style& style, std::string_view text) const {
    for (std::size_t end = text.size(); end > 1;) {
      end = text.rfind('.', end - 2);
      if (end == std::string_view::npos) return 0;
      ++end;
      if (measure_.width(style.font(), text.substr(0, end)) <= width_) return end;
    }
    return 0;
  }

  const TextMeasure& measure_;
  float width_, space_, x_ = 0;
  int line_ = 0;
  std::vector<RichRun> runs_;
};

// Whether the star at `at` begins emphasis (a word follows, and another star in the same paragraph) or, with
// `open`, ends it.
bool is_emphasis(std::string_view text, std::size_t at, bool open) {
  if (open) return at > 0 && text[at - 1] != ' ';
  const std::string_view rest = text.substr(at + 1);
  const std::size_t end = rest.substr(0, rest.find("\n\n")).find('*');
  return end != std::string_view::npos && end > 0 && rest.front() != ' ' && rest[end - 1] != ' ';
}

}  // namespace

std::vector<RichRun> layout_rich_text(const TextMeasure& measure, std::string_view text, float width) {
  Flow flow(measure, width);
  Style style;
  std::string piece;
  bool space = false;
  const auto flush = [&] {
    if (piece.empty()) return;
    flow.piece(style, piece, space);
    piece.clear();
    space = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' && i + 1 < text.size() && text[i + 1] == '\n') {
      flush();
      flow.paragraph();
      space = false;
    } else if (c == ' ' || c == '\n') {
      flush();
      space = true;
    } else if (c == '`') {
      flush();
      style.code = !style.code;
    } else if (c == '*' && i + 1 < text.size() && text[i + 1] == '*' && !style.code) {
      flush();
      style.strong = !style.strong;
      ++i;
    } else if (c == '*' && !style.code && is_emphasis(text, i, style.strong)) {
      flush();
      style.strong = !style.strong;
    } else {
      piece += c;
    }
  }
  flush();
  return flow.take();
}

std::string plain_words(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '`' && c != '*') out += c;
  }
  return out;
}

}  // namespace sendscope::ui
