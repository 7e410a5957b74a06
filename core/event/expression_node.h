// The tree an expression is compiled to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/event/names.h"
#include "core/event/value.h"

namespace sendscope::detail {

enum class Op : std::uint8_t {
  kLiteral,
  kName,
  kNot,
  kNegate,
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
};

struct ExpressionNode {
  Op op = Op::kLiteral;
  ValueType type = ValueType::kUnknown;
  Value literal;
  std::string text;  // what a string literal's value points to
  NameRef name;
  std::unique_ptr<ExpressionNode> left;  // also the operand of a unary one
  std::unique_ptr<ExpressionNode> right;
  int depth = 1;  // of the tree below, itself included

  ExpressionNode() = default;
  ExpressionNode(const ExpressionNode&) = delete;
  ExpressionNode& operator=(const ExpressionNode&) = delete;
};

// The names below a node, in the order written, each once.
void collect_names(const ExpressionNode& node, std::vector<const NameRef*>& names);

}  // namespace sendscope::detail
