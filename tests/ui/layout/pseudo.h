// A language made from the English: every word has strange letters and is two fifths longer, so whatever is
// still English in a frame does not come from the catalogue.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "core/event/event_log.h"
#include "ui/layout/scene.h"
#include "ui/layout/texts.h"

namespace sendscope::test {

inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

inline void add_strange(std::string& out, char letter) {
  static constexpr const char* kLower[] = {"á", "ƀ", "ç", "đ", "é", "ƒ", "ğ", "ħ", "í", "ĵ", "ķ", "ł", "ɱ",
                                           "ñ", "ó", "þ", "ɋ", "ŕ", "š", "ŧ", "ú", "ṽ", "ŵ", "ẋ", "ý", "ž"};
  static constexpr const char* kUpper[] = {"Á", "Ɓ", "Ç", "Đ", "É", "Ƒ", "Ğ", "Ħ", "Í", "Ĵ", "Ķ", "Ł", "Ɱ",
                                           "Ñ", "Ó", "Þ", "Ɋ", "Ŕ", "Š", "Ŧ", "Ú", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž"};
  out += letter >= 'a' ? kLower[letter - 'a'] : kUpper[letter - 'A'];
}

// Places stay, and so do signs and blanks.
inline std::string pseudo(std::string_view english) {
  std::string out;
  std::size_t letters = 0;
  bool place = false;
  for (std::size_t i = 0; i <= english.size(); ++i) {
    const char c = i < english.size() ? english[i] : ' ';
    if (!place && is_letter(c)) {
      add_strange(out, c);
      ++letters;
      continue;
    }
    for (std::size_t more = (letters * 2 + 2) / 5; more > 0; --more) out += "ö";
    letters = 0;
    place = c == '{' || (place && c != '}');
    if (i < english.size()) out += c;
  }
  return out;
}

// Pseudo is spoken for as long as it lives.
class SpeakPseudo {
 public:
  SpeakPseudo() {
    for (TextTable* table : ui::all_texts()) {
      std::vector<std::string> texts;
      for (const TextRow& row : table->rows()) texts.push_back(pseudo(row.english));
      table->use(std::move(texts));
    }
  }
  ~SpeakPseudo() {
    for (TextTable* table : ui::all_texts()) table->use({});
  }
  SpeakPseudo(const SpeakPseudo&) = delete;
  SpeakPseudo& operator=(const SpeakPseudo&) = delete;
};

// Finds words of English in what a frame says: runs of four and more small letters in a token that is no
// identifier of Kafka or of the run (with a dot, an underscore, a bracket, a digit, a capital within), no
// word of the content, and no term.
class EnglishFinder {
 public:
  void allow(std::string_view content) {
    for_words(content, [&](std::string_view word) { allowed_.emplace(word); });
  }
  void allow(const StringTable& strings) {
    for (StringId id = 0; id < strings.size(); ++id) allow(strings.view(id));
  }

  // The English tokens of a text.
  std::vector<std::string> in(std::string_view text) const {
    std::vector<std::string> found;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(" \n\t"), text.size());
      const std::string_view token = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (is_identifier(token)) continue;
      const bool cut = token.ends_with("\xe2\x80\xa6");
      for_words(token, [&](std::string_view word) {
        if (!is_allowed(word, cut)) found.emplace_back(token);
      });
    }
    return found;
  }
  std::vector<std::string> in(const ui::Scene& scene) const {
    std::vector<std::string> found;
    const auto add = [&](std::string_view text) {
      for (const std::string& token : in(text)) found.push_back(token + " in \"" + std::string(text) + '"');
    };
    for (const ui::Shape& shape : scene.shapes) {
      if (shape.kind == ui::ShapeKind::kText) add(shape.text);
    }
    for (const ui::Hit& hit : scene.hits) add(hit.tip);
    return found;
  }

 private:
  template <typename Take>
  static void for_words(std::string_view text, Take take) {
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i;
      while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
      if (end - i >= 4) take(text.substr(i, end - i));
      i = end + 1;
    }
  }
  static std::string_view trimmed(std::string_view token) {
    while (!token.empty() && std::string_view(".,:;!?").find(token.back()) != std::string_view::npos)
      token.remove_suffix(1);
    return token;
  }
  // Nor is a metric's name, with a hyphen, English; nor are classes, APIs and keys of the keyboard.
  static bool is_identifier(std::string_view token) {
    token = trimmed(token);
    static const std::set<std::string_view> kTerms = {"sendscope", "Kafka",     "Sender", "Metadata",
                                                      "Produce",   "Backspace", "Right",  "Shift",
                                                      "Space",     "Enter",     "retries"};
    if (kTerms.contains(token)) return true;
    for (std::size_t i = 0; i < token.size(); ++i) {
      const char c = token[i];
      if (c == '.' || c == '_' || c == '(' || c == '/' || c == '-' || (c >= '0' && c <= '9')) return true;
      if (i > 0 && c >= 'A' && c <= 'Z') return true;
    }
    return false;
  }
  bool is_allowed(std::string_view word, bool cut) const {
    const auto at = allowed_.lower_bound(std::string(word));
    return at != allowed_.end() && (*at == word || (cut && at->starts_with(word)));
  }

  std::set<std::string> allowed_;
};

}  // namespace sendscope::test
