// Text to expression: recursive descent over the lexer's words, types checked on the way.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "core/event/expression_lexer.h"
#include "core/event/expression_node.h"

namespace sendscope {

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : lexer_(text) {}

  // Parses an expression up to the first word that cannot go on with it. No value: error() says why.
  std::optional<Expression> expression();
  // The same, and it must be a boolean.
  std::optional<Expression> condition();
  // Takes the word when it is next.
  bool accept_word(std::string_view word);
  // Takes a duration literal.
  std::optional<Nanos> duration();
  // Fails unless everything has been read.
  bool at_end(std::string_view expected);
  std::nullopt_t fail(std::string message);
  ExpressionError error() const { return *error_; }
  const Token& token() const { return lexer_.token(); }

 private:
  using Node = std::unique_ptr<detail::ExpressionNode>;
  struct Argument {
    std::string_view name;  // empty: by position
    Value value;
    std::size_t at = 0;
  };
  struct Segment {
    std::string_view word;
    bool called = false;
    std::vector<Argument> arguments;
    std::size_t at = 0;
  };
  struct OpRow;

  Node parse_level(int level);
  Node parse_not(int level);
  Node parse_unary();
  Node parse_primary();
  Node parse_name();
  Node part_of_pool(Node percent, std::size_t at);
  Node binary(detail::Op op, Node left, Node right, std::size_t at);
  std::optional<ValueType> result_type(detail::Op op, const detail::ExpressionNode& left,
                                       const detail::ExpressionNode& right) const;
  bool accept_symbol(std::string_view symbol);

  // expression_names.cpp: names with their arguments.
  bool parse_segment(Segment& segment);
  bool parse_argument(Segment& segment);
  bool resolve(NameRef& ref, std::vector<Segment>& segments);
  bool resolve_arguments(NameRef& ref, Segment& segment);
  bool resolve_events(NameRef& ref, Segment& segment);
  bool resolve_one_field(NameRef& ref, Segment& segment);
  bool resolve_field(NameRef& ref, const Argument& argument);
  bool resolve_failed(NameRef& ref, Segment& segment);
  const Argument* one_argument(const Segment& segment, ValueType type, std::string_view example);
  Node fail_at(std::size_t at, std::string message);

  ExpressionLexer lexer_;
  std::optional<ExpressionError> error_;
  int depth_ = 0;
  std::string producer_;  // of the last name; empty: all
};

}  // namespace sendscope
