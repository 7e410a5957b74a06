// The one expression language: expectations, breakpoints, faults' conditions, lesson triggers and queries.
//
//   e := or / and / not, == != < <= > >=, + - * /, ( ), literals (12, 5ms, 16KiB, 'text', true), names, calls
//   10% is that part of pool.total
//
// Checked completely when it is parsed: names (a wrong one gets the nearest right one proposed), arguments
// and types (5ms + 16KiB is an error). Sizes may be compared and added with plain integers (bytes); durations
// only with durations and 0. Evaluation cannot fail; a division by zero and an overflow are unknown.
//
// Thread-safety: none (NameRef::hint); copies are independent. Evaluation allocates nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/event/names.h"
#include "core/event/value.h"

namespace sendscope {

// What is wrong with a text, and where (line and column from 1).
struct ExpressionError {
  int line = 1;
  int column = 1;
  std::string message;
};
// "line 1, column 9: there is no name 'pool.fre'; did you mean 'pool.free'?"
std::string to_string(const ExpressionError& error);

namespace detail {
struct ExpressionNode;
}

class Expression {
 public:
  Expression();  // the literal true
  ~Expression();
  Expression(const Expression& other);
  Expression& operator=(const Expression& other);
  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;

  Value evaluate(const NameSource& names) const;
  // True when it is a boolean that holds now; unknown is not.
  bool holds(const NameSource& names) const { return evaluate(names).is_true(); }
  ValueType type() const;
  const std::string& text() const { return text_; }
  // The names it speaks of, in the order written, each once.
  const std::vector<const NameRef*>& names() const { return names_; }
  // "pool.free = 12 KiB, pool.total = 64 KiB": what the names are worth now.
  std::string values(const NameSource& names) const;

 private:
  friend class ExpressionParser;
  std::unique_ptr<detail::ExpressionNode> root_;
  std::string text_;
  std::vector<const NameRef*> names_;
};

// Any expression. The text is all of it.
std::variant<Expression, ExpressionError> parse_expression(std::string_view text);
// A boolean one: a breakpoint, a fault's `when`.
std::variant<Expression, ExpressionError> parse_condition(std::string_view text);
// The same. REQUIRES: it parses
Expression condition(std::string_view text);

}  // namespace sendscope
