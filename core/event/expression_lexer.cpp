#include "core/event/expression_lexer.h"

#include <array>

#include "core/base/units.h"

namespace sendscope {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::array<std::string_view, 16> kSymbols = {"==", "!=", "<=", ">=", "<", ">", "+", "-",
                                                       "*",  "/",  "(",  ")",  ",", ".", "=", "%"};

}  // namespace

void ExpressionLexer::advance() {
  if (token_.kind == TokenKind::kError) return;
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  token_ = {};
  token_.begin = token_.end = at_;
  if (at_ == text_.size()) return;
  const char c = text_[at_];
  if (is_digit(c)) return literal();
  if (c == '\'') return quoted();
  if (is_letter(c)) {
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    token_.kind = TokenKind::kWord;
  } else {
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      token_.kind = TokenKind::kSymbol;
      at_ += symbol.size();
      break;
    }
  }
  if (token_.kind == TokenKind::kEnd) {
    token_.kind = TokenKind::kError;
    token_.error = static_cast<unsigned char>(c) < 0x80 && c >= ' '
                       ? "'" + std::string(1, c) + "' has no meaning here"
                       : std::string("this character has no meaning here");
  }
  token_.end = at_;
  token_.text = text_.substr(token_.begin, at_ - token_.begin);
}

void ExpressionLexer::literal() {
  while (at_ < text_.size() && (is_digit(text_[at_]) || is_letter(text_[at_]) || text_[at_] == '.')) ++at_;
  token_.end = at_;
  token_.text = text_.substr(token_.begin, at_ - token_.begin);
  token_.kind = TokenKind::kLiteral;
  const std::string_view suffix = unit_suffix(token_.text);
  const UnitKind unit = unit_kind(suffix);
  Result<std::int64_t> number = Error(ErrorCode::kInvalidInput);
  if (unit == UnitKind::kDuration) {
    number = parse_duration(token_.text);
  } else if (unit == UnitKind::kSize) {
    number = parse_size(token_.text);
  } else if (suffix.empty()) {
    number = scale_decimal(token_.text, 1);
  }
  if (!number) {
    token_.kind = TokenKind::kError;
    token_.error =
        "'" + std::string(token_.text) + "' is not a number, a duration (5ms) or a size (16KiB) that fits";
    return;
  }
  token_.value = unit == UnitKind::kDuration ? Value::duration(*number)
                 : unit == UnitKind::kSize   ? Value::size(*number)
                                             : Value::integer(*number);
}

void ExpressionLexer::quoted() {
  const std::size_t close = text_.find('\'', at_ + 1);
  if (close == std::string_view::npos) {
    token_.kind = TokenKind::kError;
    token_.error = "the text that begins here has no closing quote";
    return;
  }
  token_.kind = TokenKind::kLiteral;
  token_.text = text_.substr(at_ + 1, close - at_ - 1);
  token_.value = Value::string(token_.text);
  at_ = close + 1;
  token_.end = at_;
}

ExpressionError ExpressionLexer::error_at(std::size_t at, std::string message) const {
  ExpressionError error;
  error.message = std::move(message);
  for (std::size_t i = 0; i < at && i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      ++error.line;
      error.column = 1;
    } else {
      ++error.column;
    }
  }
  return error;
}

}  // namespace sendscope
