#include "sim/located_json.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/producer/config_secrets.h"

namespace sendscope::sim {
namespace {

struct Position {
  int line = 1;
  int column = 1;
  std::size_t offset = 0;
};

// Walks over the text in step with the parser: each call gives the place of the next value or key. It only
// knows enough of JSON to find where tokens begin; whether they are right is the parser's business.
class TokenScanner {
 public:
  explicit TokenScanner(std::string_view text) : text_(text) {}

  Position next() {
    skip_to_token();
    at_.offset = index_;
    const Position begin = at_;
    if (done()) return begin;
    const char c = text_[index_];
    if (c == '"') {
      skip_string();
    } else if (is_bracket(c)) {
      advance();
    } else {
      while (!done() && !ends_scalar(text_[index_])) advance();
    }
    return begin;
  }

  // Where the last token ends.
  std::size_t end() const { return index_; }

 private:
  bool done() const { return index_ >= text_.size(); }
  static bool is_bracket(char c) { return c == '{' || c == '[' || c == '}' || c == ']'; }
  static bool is_skipped(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
  }
  static bool ends_scalar(char c) { return is_skipped(c) || is_bracket(c) || c == '/' || c == '"'; }

  void advance() {
    if (text_[index_] == '\n') {
      ++at_.line;
      at_.column = 1;
    } else {
      ++at_.column;
    }
    ++index_;
  }

  void skip_to_token() {
    if (index_ == 0 && text_.substr(0, 3) == "\xEF\xBB\xBF") index_ = 3;  // a byte order mark
    while (!done()) {
      if (is_skipped(text_[index_])) {
        advance();
      } else if (text_.substr(index_, 2) == "//") {
        while (!done() && text_[index_] != '\n') advance();
      } else if (text_.substr(index_, 2) == "/*") {
        advance();
        advance();
        while (!done() && text_.substr(index_, 2) != "*/") advance();
        for (int i = 0; i < 2 && !done(); ++i) advance();
      } else {
        return;
      }
    }
  }

  void skip_string() {
    advance();
    while (!done() && text_[index_] != '"') {
      if (text_[index_] == '\\') advance();
      if (!done()) advance();
    }
    if (!done()) advance();
  }

  std::string_view text_;
  std::size_t index_ = 0;
  Position at_;
};

Position position_of(std::string_view text, std::size_t offset) {
  Position at;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;
    }
  }
  return at;
}

// Builds the tree out of the parser's calls.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, std::string file)
      : text_(text), file_(std::move(file)), scanner_(text) {}

  bool null() override { return add(JsonValue::Kind::kNull) != nullptr; }
  bool boolean(bool value) override {
    JsonValue* node = add(JsonValue::Kind::kBoolean);
    if (node != nullptr) node->boolean = value;
    return node != nullptr;
  }
  bool number_integer(std::int64_t value) override { return add_integer(value, std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) override {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
      return add_integer(static_cast<std::int64_t>(value), std::to_string(value));
    }
    return add_real(std::to_string(value));
  }
  bool number_float(double, const std::string& written) override { return add_real(written); }
  bool string(std::string& value) override {
    JsonValue* node = add(JsonValue::Kind::kString);
    if (node != nullptr) node->text = value;
    return node != nullptr;
  }
  bool binary(nlohmann::json::binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return open(JsonValue::Kind::kObject); }
  bool start_array(std::size_t) override { return open(JsonValue::Kind::kArray); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    const Position at = scanner_.next();
    JsonValue& object = *open_.back();
    if (object.find(name) != nullptr) {
      problems_.push_back(
          {file_, at.line, at.column, child_path(object, name), "the key a second time", "it once", ""});
    }
    if (object.members.size() >= kMaxJsonMembers) {
      problems_.push_back({file_, at.line, at.column, object.path, "more keys",
                           "at most " + std::to_string(kMaxJsonMembers) + " keys in an object"});
      return false;
    }
    object.members.push_back({name, at.line, at.column, at.offset, {}});
    return true;
  }

  bool parse_error(std::size_t offset, const std::string&,
                   const nlohmann::detail::exception& error) override {
    std::string what = error.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing ..."
    const std::size_t colon = what.find(": ");
    if (colon != std::string::npos) what.erase(0, colon + 2);
    // What it quotes may be a password, or a piece of one.
    for (const char* quote : {"; last read: '", " parsing '"})
      what.erase(std::min(what.find(quote), what.size()));
    const Position at = place_of_error(offset > 0 ? offset - 1 : 0);
    problems_.push_back(
        {file_, at.line, at.column, open_.empty() ? "" : open_.back()->path, "", "", "no JSON: " + what});
    return false;
  }

  JsonResult take() { return {std::move(root_), std::move(problems_)}; }

 private:
  static std::string child_path(const JsonValue& parent, const std::string& key) {
    return parent.path.empty() ? key : parent.path + "." + key;
  }

  // The parser tells where it had read to; the token that it stumbled over begins before that.
  Position place_of_error(std::size_t offset) {
    const Position read_to = position_of(text_, offset);
    const Position token = scanner_.next();
    const bool before =
        token.line < read_to.line || (token.line == read_to.line && token.column < read_to.column);
    return before ? token : read_to;
  }

  JsonValue* add(JsonValue::Kind kind) {
    const Position at = scanner_.next();
    JsonValue* node = &root_;
    std::string path;
    if (!open_.empty()) {
      JsonValue& parent = *open_.back();
      if (parent.kind == JsonValue::Kind::kArray) {
        path = parent.path + "[" + std::to_string(parent.items.size()) + "]";
        node = &parent.items.emplace_back();
        node->secret = parent.secret;
      } else {
        path = child_path(parent, parent.members.back().key);
        node = &parent.members.back().value;
        node->secret = sounds_secret(parent.members.back().key);
      }
    }
    node->kind = kind;
    node->line = at.line;
    node->column = at.column;
    node->begin = at.offset;
    node->end = scanner_.end();
    node->path = std::move(path);
    return node;
  }

  bool add_integer(std::int64_t value, std::string written) {
    JsonValue* node = add(JsonValue::Kind::kInteger);
    node->integer = value;
    node->text = std::move(written);
    return true;
  }

  bool add_real(std::string written) {
    add(JsonValue::Kind::kReal)->text = std::move(written);
    return true;
  }

  // Pointers into the tree stay good: a parent's vector only grows while none of its children is open.
  bool open(JsonValue::Kind kind) {
    JsonValue* node = add(kind);
    if (open_.size() >= static_cast<std::size_t>(kMaxJsonDepth)) {
      problems_.push_back({file_, node->line, node->column, node->path, "deeper nesting",
                           "at most " + std::to_string(kMaxJsonDepth) + " levels"});
      return false;
    }
    open_.push_back(node);
    return true;
  }

  bool close() {
    scanner_.next();
    open_.back()->end = scanner_.end();
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  std::string file_;
  TokenScanner scanner_;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::vector<Problem> problems_;
};

std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 60;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "...";
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string out = problem.file;
  if (problem.line > 0) out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  out += ": ";
  if (!problem.path.empty()) out += hide_secrets_in(problem.path) + ": ";
  if (!problem.message.empty()) return out + problem.message;
  if (!problem.found.empty()) out += "found " + problem.found + "; ";
  return out + "expected " + problem.expected;
}

std::string to_string(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += to_string(problem) + "\n";
  return out;
}

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string JsonValue::describe() const {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBoolean: return boolean ? "true" : "false";
    case Kind::kInteger:
    case Kind::kReal: return "the number " + (secret ? std::string(kHidden) : shortened(text));
    case Kind::kString:
      return "\"" + (secret ? std::string(kHidden) : shortened(hide_secrets_in(text))) + "\"";
    case Kind::kArray: return items.empty() ? "an empty list" : "a list";
    case Kind::kObject: return members.empty() ? "an empty object" : "an object";
  }
  return {};
}

JsonResult parse_located_json(std::string_view text, const std::string& file) {
  if (text.size() > kMaxJsonBytes) {
    return {{}, {{file, 1, 1, "", "a longer text", "at most " + std::to_string(kMaxJsonBytes) + " bytes"}}};
  }
  TreeBuilder builder(text, file);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::detail::input_format_t::json,
                            /*strict=*/true, /*ignore_comments=*/true);
  return builder.take();
}

}  // namespace sendscope::sim
