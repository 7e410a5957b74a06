// Words of the expression language, with their places.
#pragma once

#include <string>
#include <string_view>

#include "core/event/expression.h"

namespace sendscope {

enum class TokenKind : std::uint8_t { kEnd, kWord, kLiteral, kSymbol, kError };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // as written; of a string literal what stands between the quotes
  Value value;            // of a literal; a string's text is `text`
  std::size_t begin = 0;  // where it stands in the text
  std::size_t end = 0;
  std::string error;  // of kError
};

class ExpressionLexer {
 public:
  explicit ExpressionLexer(std::string_view text) : text_(text) { advance(); }

  const Token& token() const { return token_; }
  // Goes on to the next word. An error and the end stay.
  void advance();
  // The error with the place of text[at].
  ExpressionError error_at(std::size_t at, std::string message) const;
  std::string_view text() const { return text_; }

 private:
  void literal();
  void quoted();

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_;
};

}  // namespace sendscope
