#include "core/event/catalogue.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/check.h"

namespace sendscope {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == 'n' || next == 't' || next == '\\')) {
      out += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

// What a translation must keep: each place once, and a bar for each alternative.
std::vector<std::string> places_of(std::string_view text) {
  std::vector<std::string> places;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = std::min(text.find('}', open), text.size() - 1);
    places.emplace_back(text.substr(open, close - open + 1));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const char c : text) {
    if (c == '|') places.emplace_back("|");
  }
  return places;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out.empty() ? "none" : out;
}

struct Found {
  std::size_t table = 0, row = 0;
  bool told = false;
};

}  // namespace

void TextTable::use(std::vector<std::string> texts) {
  SENDSCOPE_CHECK(texts.empty() || texts.size() == rows_.size());
  other_ = std::move(texts);
}

std::string fill(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string out;
  out.reserve(pattern.size() + 16 * values.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool place = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    const auto number = place ? static_cast<std::size_t>(pattern[i + 1] - '0') : values.size();
    if (number < values.size()) {
      out += *(values.begin() + number);
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

std::vector<std::string> read_language(std::string_view file, std::span<TextTable* const> tables) {
  std::map<std::string_view, Found> ids;
  std::vector<std::vector<std::string>> texts;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t r = 0; r < tables[t]->rows().size(); ++r) ids.insert({tables[t]->rows()[r].id, {t, r}});
    texts.emplace_back(tables[t]->rows().size());
  }
  std::vector<std::string> problems;
  for (std::size_t number = 1; !file.empty(); ++number) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    const std::string_view line = trimmed(file.substr(0, end));
    file.remove_prefix(std::min(end + 1, file.size()));
    if (line.empty() || line.front() == '#') continue;
    const auto say = [&](const std::string& what) {
      problems.push_back("line " + std::to_string(number) + ": " + what);
    };
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      say("found no '='; expected: id = text");
      continue;
    }
    const std::string_view id = trimmed(line.substr(0, equals));
    const auto found = ids.find(id);
    if (found == ids.end()) {
      say("there is no text '" + std::string(id) + "'");
      continue;
    }
    if (std::exchange(found->second.told, true)) say("'" + std::string(id) + "' was told before");
    std::string text = unescaped(trimmed(line.substr(equals + 1)));
    const std::string_view english = tables[found->second.table]->rows()[found->second.row].english;
    const auto wanted = places_of(english), has = places_of(text);
    if (wanted != has)
      say("'" + std::string(id) + "' has the places " + joined(has) + "; expected " + joined(wanted));
    texts[found->second.table][found->second.row] = std::move(text);
  }
  if (!problems.empty()) return problems;
  for (std::size_t t = 0; t < tables.size(); ++t) tables[t]->use(std::move(texts[t]));
  return problems;
}

std::string write_language(std::span<TextTable* const> tables) {
  std::string out;
  for (const TextTable* table : tables) {
    for (const TextRow& row : table->rows()) out += std::string(row.id) + " = " + escaped(row.english) + "\n";
  }
  return out;
}

}  // namespace sendscope
