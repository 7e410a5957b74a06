#include "core/event/expression_parser.h"

#include <algorithm>
#include <array>

#include "core/base/check.h"

namespace sendscope {

using detail::ExpressionNode;
using detail::Op;

namespace {

// Deep enough for any text a person writes; shallow enough for every stack.
constexpr int kMaxDepth = 100;

struct OpWord {
  std::string_view text;
  Op op;
  int level;
};
constexpr std::array<OpWord, 12> kOps = {{{"or", Op::kOr, 0},
                                          {"and", Op::kAnd, 1},
                                          {"==", Op::kEqual, 3},
                                          {"!=", Op::kNotEqual, 3},
                                          {"<", Op::kLess, 3},
                                          {"<=", Op::kLessEqual, 3},
                                          {">", Op::kGreater, 3},
                                          {">=", Op::kGreaterEqual, 3},
                                          {"+", Op::kAdd, 4},
                                          {"-", Op::kSubtract, 4},
                                          {"*", Op::kMultiply, 5},
                                          {"/", Op::kDivide, 5}}};
constexpr int kNotLevel = 2;
constexpr int kUnaryLevel = 6;

bool is_zero(const ExpressionNode& node) { return node.op == Op::kLiteral && node.literal.number == 0; }

// Sizes and integers are both counts; a duration goes with a duration, and with 0.
bool comparable(const ExpressionNode& left, const ExpressionNode& right) {
  const ValueType a = left.type;
  const ValueType b = right.type;
  if (a == b) return true;
  if (!is_number(a) || !is_number(b)) return false;
  if (a != ValueType::kDuration && b != ValueType::kDuration) return true;
  return (a == ValueType::kInt && is_zero(left)) || (b == ValueType::kInt && is_zero(right));
}

}  // namespace

std::optional<Expression> ExpressionParser::expression() {
  const std::size_t begin = lexer_.token().begin;
  Node root = parse_level(0);
  if (!root) return std::nullopt;
  Expression out;
  out.root_ = std::move(root);
  std::string_view text = lexer_.text().substr(begin, lexer_.token().begin - begin);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  out.text_ = std::string(text);
  detail::collect_names(*out.root_, out.names_);
  return out;
}

std::optional<Expression> ExpressionParser::condition() {
  const std::size_t begin = lexer_.token().begin;
  std::optional<Expression> out = expression();
  if (out && out->type() != ValueType::kBool) {
    error_ = lexer_.error_at(begin, "this is a value of type " + std::string(type_name(out->type())) +
                                        ", not a condition; compare it with something");
    return std::nullopt;
  }
  return out;
}

bool ExpressionParser::accept_word(std::string_view word) {
  if (token().kind != TokenKind::kWord || token().text != word) return false;
  lexer_.advance();
  return true;
}

bool ExpressionParser::accept_symbol(std::string_view symbol) {
  if (token().kind != TokenKind::kSymbol || token().text != symbol) return false;
  lexer_.advance();
  return true;
}

std::optional<Nanos> ExpressionParser::duration() {
  if (token().kind != TokenKind::kLiteral || token().value.type != ValueType::kDuration) {
    return fail("expected a duration, such as 5ms");
  }
  const Nanos out = token().value.number;
  lexer_.advance();
  return out;
}

bool ExpressionParser::at_end(std::string_view expected) {
  if (token().kind == TokenKind::kEnd) return true;
  fail("expected " + std::string(expected) + ", found '" +
       std::string(lexer_.text().substr(token().begin, token().end - token().begin)) + "'");
  return false;
}

std::nullopt_t ExpressionParser::fail(std::string message) {
  fail_at(token().begin, std::move(message));
  return std::nullopt;
}

// The first mistake counts; a word that is none is a mistake before any other.
ExpressionParser::Node ExpressionParser::fail_at(std::size_t at, std::string message) {
  if (error_) return nullptr;
  if (token().kind == TokenKind::kError) {
    error_ = lexer_.error_at(token().begin, token().error);
  } else {
    error_ = lexer_.error_at(at, std::move(message));
  }
  return nullptr;
}

ExpressionParser::Node ExpressionParser::parse_level(int level) {
  if (level == kNotLevel) return parse_not(level);
  if (level == kUnaryLevel) return parse_unary();
  Node left = parse_level(level + 1);
  while (left) {
    const auto row = std::find_if(kOps.begin(), kOps.end(), [&](const OpWord& op) {
      return op.level == level && op.text == token().text &&
             (token().kind == TokenKind::kSymbol || token().kind == TokenKind::kWord);
    });
    if (row == kOps.end()) break;
    const std::size_t at = token().begin;
    lexer_.advance();
    Node right = parse_level(level + 1);
    if (!right) return nullptr;
    left = binary(row->op, std::move(left), std::move(right), at);
  }
  return left;
}

ExpressionParser::Node ExpressionParser::parse_not(int level) {
  const std::size_t at = token().begin;
  if (!accept_word("not")) return parse_level(level + 1);
  if (++depth_ > kMaxDepth) return fail_at(at, "this is nested too deeply");
  Node operand = parse_not(level);
  --depth_;
  if (!operand) return nullptr;
  if (operand->type != ValueType::kBool) {
    return fail_at(at,
                   "'not' needs a condition, not a value of type " + std::string(type_name(operand->type)));
  }
  auto node = std::make_unique<ExpressionNode>();
  node->op = Op::kNot;
  node->type = ValueType::kBool;
  node->depth = operand->depth + 1;
  node->left = std::move(operand);
  return node;
}

ExpressionParser::Node ExpressionParser::parse_unary() {
  const std::size_t at = token().begin;
  if (!accept_symbol("-")) return parse_primary();
  if (++depth_ > kMaxDepth) return fail_at(at, "this is nested too deeply");
  Node operand = parse_unary();
  --depth_;
  if (!operand) return nullptr;
  if (!is_number(operand->type)) {
    return fail_at(at, "'-' needs a number, not a value of type " + std::string(type_name(operand->type)));
  }
  auto node = std::make_unique<ExpressionNode>();
  node->op = Op::kNegate;
  node->type = operand->type;
  node->depth = operand->depth + 1;
  node->left = std::move(operand);
  return node;
}

ExpressionParser::Node ExpressionParser::parse_primary() {
  const std::size_t at = token().begin;
  if (accept_symbol("(")) {
    if (++depth_ > kMaxDepth) return fail_at(at, "this is nested too deeply");
    Node inner = parse_level(0);
    --depth_;
    if (inner && !accept_symbol(")")) return fail_at(token().begin, "expected ')'");
    return inner;
  }
  if (token().kind == TokenKind::kWord && token().text != "true" && token().text != "false") {
    return parse_name();
  }
  auto node = std::make_unique<ExpressionNode>();
  if (token().kind == TokenKind::kWord) {
    node->literal = Value::boolean(token().text == "true");
  } else if (token().kind == TokenKind::kLiteral) {
    node->literal = token().value;
    node->text = std::string(token().value.text);
    node->literal.text = node->text;
  } else {
    return fail_at(at, token().kind == TokenKind::kEnd ? "the expression ends too early"
                                                       : "expected a name, a number, a text or '('");
  }
  node->type = node->literal.type;
  lexer_.advance();
  const std::size_t sign = token().begin;
  return accept_symbol("%") ? part_of_pool(std::move(node), sign) : std::move(node);
}

// "10%" is a part of pool.total, of the producer whose name stands before it.
ExpressionParser::Node ExpressionParser::part_of_pool(Node percent, std::size_t at) {
  if (percent->type != ValueType::kInt) return fail_at(at, "'%' goes with a plain number, such as 10%");
  auto total = std::make_unique<ExpressionNode>();
  total->op = Op::kName;
  total->type = name_row(Name::pool_total).type;
  total->name.name = Name::pool_total;
  total->name.text = producer_.empty() ? "pool.total" : "producer('" + producer_ + "').pool.total";
  total->name.producer = producer_;
  auto hundred = std::make_unique<ExpressionNode>();
  hundred->type = ValueType::kInt;
  hundred->literal = Value::integer(100);
  Node scaled = binary(Op::kMultiply, std::move(total), std::move(percent), at);
  return scaled ? binary(Op::kDivide, std::move(scaled), std::move(hundred), at) : nullptr;
}

std::optional<ValueType> ExpressionParser::result_type(Op op, const ExpressionNode& left,
                                                       const ExpressionNode& right) const {
  const ValueType a = left.type;
  const ValueType b = right.type;
  const bool numbers = is_number(a) && is_number(b);
  const bool equal_types = a == b;
  switch (op) {
    case Op::kOr:
    case Op::kAnd:
      if (a == ValueType::kBool && equal_types) return ValueType::kBool;
      return std::nullopt;
    case Op::kEqual:
    case Op::kNotEqual:
      if (comparable(left, right)) return ValueType::kBool;
      return std::nullopt;
    case Op::kAdd:
    case Op::kSubtract:
      if (numbers && comparable(left, right)) return a == ValueType::kInt ? b : a;
      return std::nullopt;
    case Op::kMultiply:
      if (numbers && (a == ValueType::kInt || b == ValueType::kInt)) return a == ValueType::kInt ? b : a;
      return std::nullopt;
    case Op::kDivide:
      if (numbers && equal_types) return ValueType::kInt;
      if (numbers && b == ValueType::kInt) return a;
      return std::nullopt;
    default:
      if (numbers && comparable(left, right)) return ValueType::kBool;
      return std::nullopt;
  }
}

ExpressionParser::Node ExpressionParser::binary(Op op, Node left, Node right, std::size_t at) {
  const std::optional<ValueType> type = result_type(op, *left, *right);
  const auto word = std::find_if(kOps.begin(), kOps.end(), [&](const OpWord& row) { return row.op == op; });
  if (!type) {
    std::string message = "'" + std::string(word->text) + "' does not go with a value of type " +
                          std::string(type_name(left->type)) + " and one of type " +
                          std::string(type_name(right->type));
    if (left->type == ValueType::kDuration || right->type == ValueType::kDuration) {
      message += "; durations have a unit, such as 5ms";
    }
    return fail_at(at, std::move(message));
  }
  auto node = std::make_unique<ExpressionNode>();
  node->op = op;
  node->type = *type;
  node->depth = std::max(left->depth, right->depth) + 1;
  node->left = std::move(left);
  node->right = std::move(right);
  if (node->depth > 10 * kMaxDepth) return fail_at(at, "this is too long");
  return node;
}

std::variant<Expression, ExpressionError> parse_expression(std::string_view text) {
  ExpressionParser parser(text);
  std::optional<Expression> out = parser.expression();
  if (!out || !parser.at_end("an operator or the end")) return parser.error();
  return std::move(*out);
}

std::variant<Expression, ExpressionError> parse_condition(std::string_view text) {
  ExpressionParser parser(text);
  std::optional<Expression> out = parser.condition();
  if (!out || !parser.at_end("an operator or the end")) return parser.error();
  return std::move(*out);
}

Expression condition(std::string_view text) {
  auto parsed = parse_condition(text);
  SENDSCOPE_CHECK(std::holds_alternative<Expression>(parsed));
  return std::get<Expression>(std::move(parsed));
}

}  // namespace sendscope
