#include "core/event/expression.h"

#include <algorithm>
#include <limits>

#include "core/event/expression_node.h"

namespace sendscope {
namespace {

using detail::ExpressionNode;
using detail::Op;

Value evaluate_node(const ExpressionNode& node, const NameSource& names);

Value both(const ExpressionNode& node, const NameSource& names) {
  const bool is_and = node.op == Op::kAnd;
  const Value left = evaluate_node(*node.left, names);
  // What decides alone, decides; the other side is not even looked at.
  if (is_and ? left.is_false() : left.is_true()) return left;
  const Value right = evaluate_node(*node.right, names);
  if (is_and ? right.is_false() : right.is_true()) return right;
  return left.known() && right.known() ? Value::boolean(is_and) : Value::unknown();
}

Value compare(Op op, const Value& left, const Value& right) {
  if (left.type == ValueType::kString) {
    return Value::boolean((left.text == right.text) == (op == Op::kEqual));
  }
  switch (op) {
    case Op::kEqual: return Value::boolean(left.number == right.number);
    case Op::kNotEqual: return Value::boolean(left.number != right.number);
    case Op::kLess: return Value::boolean(left.number < right.number);
    case Op::kLessEqual: return Value::boolean(left.number <= right.number);
    case Op::kGreater: return Value::boolean(left.number > right.number);
    default: return Value::boolean(left.number >= right.number);
  }
}

Value compute(Op op, ValueType type, std::int64_t left, std::int64_t right) {
  Value out{type, 0, {}};
  bool overflow = false;
  switch (op) {
    case Op::kAdd: overflow = __builtin_add_overflow(left, right, &out.number); break;
    case Op::kSubtract: overflow = __builtin_sub_overflow(left, right, &out.number); break;
    case Op::kMultiply: overflow = __builtin_mul_overflow(left, right, &out.number); break;
    default:
      overflow = right == 0 || (right == -1 && left == std::numeric_limits<std::int64_t>::min());
      if (!overflow) out.number = left / right;
      break;
  }
  return overflow ? Value::unknown() : out;
}

Value evaluate_node(const ExpressionNode& node, const NameSource& names) {
  switch (node.op) {
    case Op::kLiteral: return node.literal;
    case Op::kName: return names.value(node.name);
    case Op::kAnd:
    case Op::kOr: return both(node, names);
    default: break;
  }
  const Value left = evaluate_node(*node.left, names);
  if (!left.known()) return left;
  if (node.op == Op::kNot) return Value::boolean(left.number == 0);
  if (node.op == Op::kNegate) return compute(Op::kSubtract, node.type, 0, left.number);
  const Value right = evaluate_node(*node.right, names);
  if (!right.known()) return right;
  if (node.op >= Op::kAdd) return compute(node.op, node.type, left.number, right.number);
  return compare(node.op, left, right);
}

std::unique_ptr<ExpressionNode> copy_of(const ExpressionNode& node) {
  auto copy = std::make_unique<ExpressionNode>();
  copy->op = node.op;
  copy->type = node.type;
  copy->literal = node.literal;
  copy->text = node.text;
  if (node.literal.type == ValueType::kString) copy->literal.text = copy->text;
  copy->name = node.name;
  copy->depth = node.depth;
  if (node.left) copy->left = copy_of(*node.left);
  if (node.right) copy->right = copy_of(*node.right);
  return copy;
}

}  // namespace

void detail::collect_names(const ExpressionNode& node, std::vector<const NameRef*>& out) {
  if (node.op == Op::kName) {
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const NameRef* other) { return other->text == node.name.text; });
    if (!known) out.push_back(&node.name);
  }
  if (node.left) collect_names(*node.left, out);
  if (node.right) collect_names(*node.right, out);
}

Expression::Expression() : root_(std::make_unique<ExpressionNode>()), text_("true") {
  root_->type = ValueType::kBool;
  root_->literal = Value::boolean(true);
}
Expression::~Expression() = default;

Expression::Expression(const Expression& other) : root_(copy_of(*other.root_)), text_(other.text_) {
  detail::collect_names(*root_, names_);
}

Expression& Expression::operator=(const Expression& other) {
  Expression copy(other);
  return *this = std::move(copy);
}

Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

Value Expression::evaluate(const NameSource& names) const { return evaluate_node(*root_, names); }

ValueType Expression::type() const { return root_->type; }

std::string Expression::values(const NameSource& names) const {
  std::string out;
  for (const NameRef* name : names_) {
    if (!out.empty()) out += ", ";
    out += name->text + " = " + to_string(names.value(*name));
  }
  return out;
}

std::string to_string(const ExpressionError& error) {
  return "line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " +
         error.message;
}

}  // namespace sendscope
