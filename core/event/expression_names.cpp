// Names of expressions with their arguments: ExpressionParser's part that knows the tables.
#include <array>

#include "core/base/api.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/event/expression_parser.h"
#include "core/event/narration.h"

namespace sendscope {
namespace {

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view nearest = nearest_word(word, candidates);
  return nearest.empty() ? std::string() : "; did you mean " + quoted(nearest) + "?";
}

std::string list(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

std::vector<std::string_view> all_paths() {
  std::vector<std::string_view> out;
  for (int i = 0; i < static_cast<int>(Name::count_); ++i) out.push_back(name_row(static_cast<Name>(i)).path);
  return out;
}

// What stands in brackets in a path of the table.
std::string_view argument_word(std::string_view word) {
  if (word == "partition") return "(p)";
  if (word == "thread") return "(t)";
  if (word == "node") return "(n)";
  if (word == "transaction") return "(x)";
  if (word == "count" || word == "event" || word == "field") return "(kind)";
  if (word == "config") return "(key)";
  return "";
}

constexpr int kEndOfErrorCodes = 1200;

// The codes an error's name or Java class stands for.
template <typename Int>
std::vector<Int> codes_of(std::string_view name) {
  std::vector<Int> out;
  for (int code = -1; code < kEndOfErrorCodes; ++code) {
    const ErrorRow& row = error_row(static_cast<ErrorCode>(code));
    if (static_cast<int>(row.code) != code || (row.name != name && row.java_class != name)) continue;
    out.push_back(static_cast<Int>(static_cast<std::uint32_t>(code)));
  }
  return out;
}

std::vector<std::string_view> error_words() {
  std::vector<std::string_view> out;
  for (int code = -1; code < kEndOfErrorCodes; ++code) {
    const ErrorRow& row = error_row(static_cast<ErrorCode>(code));
    if (static_cast<int>(row.code) != code) continue;
    out.push_back(row.name);
    if (!row.java_class.empty()) out.push_back(row.java_class);
  }
  return out;
}

std::string error_hint(std::string_view word) {
  return quoted(word) + " is neither the name nor the Java class of an error" +
         did_you_mean(word, error_words());
}

std::vector<std::string_view> field_names(const KindRow& row) {
  std::vector<std::string_view> out;
  for (const FieldRow& field : {row.actor, row.place, row.subject, row.a, row.b}) {
    if (!field.name.empty()) out.push_back(field.name);
  }
  return out;
}

// Milliseconds and so on that a duration literal is; none when it is not a whole number of them.
std::vector<std::uint64_t> in_unit(const Value& value, Nanos unit) {
  if (value.number % unit != 0) return {~std::uint64_t{0}};
  return {static_cast<std::uint64_t>(value.number / unit)};
}

// Fills in what the field must be. Empty when that worked; otherwise what was expected.
std::string match_value(FieldMatch& match, const Value& value) {
  const bool text = value.type == ValueType::kString;
  const bool integer = value.type == ValueType::kInt;
  const auto number = static_cast<std::uint64_t>(value.number);
  switch (match.unit) {
    case Unit::kPartition:
    case Unit::kThread:
    case Unit::kProducer:
    case Unit::kString: match.name = std::string(value.text); return text ? "" : "a text";
    case Unit::kNode: match.accepted = {number & 0xffffffff}; return integer ? "" : "a node id";
    case Unit::kFlag: match.accepted = {number}; return value.type == ValueType::kBool ? "" : "true or false";
    case Unit::kNanos:
    case Unit::kMicros:
    case Unit::kMillis:
      match.accepted = in_unit(value, match.unit == Unit::kNanos    ? 1
                                      : match.unit == Unit::kMicros ? kNanosPerMicro
                                                                    : kNanosPerMilli);
      return value.type == ValueType::kDuration ? "" : "a duration, such as 5ms";
    case Unit::kError:
      if (!text) return "the name of an error, such as 'NOT_LEADER_OR_FOLLOWER'";
      for (const auto code : codes_of<std::uint32_t>(value.text)) {
        // As a field of 32 bits and as one of 16 that was widened.
        match.accepted.push_back(code);
        match.accepted.push_back(code & 0xffff);
      }
      return match.accepted.empty() ? "an error: " + error_hint(value.text) : "";
    case Unit::kApi: {
      if (integer) match.accepted = {number};
      const ApiRow* api = text ? find_api(value.text) : nullptr;
      if (api != nullptr) match.accepted = {static_cast<std::uint64_t>(api->key)};
      return match.accepted.empty() ? "the name of an api, such as 'Produce'" : "";
    }
    case Unit::kNumber:
    case Unit::kBatch:
    case Unit::kRecord:
    case Unit::kRequest:
    case Unit::kActorNode:
    case Unit::kNodeSet:
    case Unit::kBytes:
      match.accepted = {number};
      return integer || (match.unit == Unit::kBytes && value.type == ValueType::kSize) ? "" : "a number";
    default: break;
  }
  const std::vector<std::string_view> words = enum_names(match.unit);
  for (std::uint64_t i = 0; i < words.size(); ++i) {
    if (text && words[i] == value.text) match.accepted = {i};
  }
  return match.accepted.empty() ? "one of " + list(words) : "";
}

}  // namespace

ExpressionParser::Node ExpressionParser::parse_name() {
  const std::size_t begin = token().begin;
  std::size_t end = begin;
  std::vector<Segment> segments;
  do {
    Segment segment;
    if (!parse_segment(segment)) return nullptr;
    segments.push_back(std::move(segment));
    end = token().begin;
  } while (accept_symbol("."));
  auto node = std::make_unique<detail::ExpressionNode>();
  node->op = detail::Op::kName;
  std::string_view text = lexer_.text().substr(begin, end - begin);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  node->name.text = std::string(text);
  if (!resolve(node->name, segments)) return nullptr;
  node->type = node->name.type;
  producer_ = node->name.producer;
  return node;
}

bool ExpressionParser::parse_segment(Segment& segment) {
  if (token().kind != TokenKind::kWord) {
    fail("expected a name");
    return false;
  }
  segment.word = token().text;
  segment.at = token().begin;
  lexer_.advance();
  if (!accept_symbol("(")) return true;
  segment.called = true;
  if (accept_symbol(")")) return true;
  do {
    if (!parse_argument(segment)) return false;
  } while (accept_symbol(","));
  if (accept_symbol(")")) return true;
  fail("expected ',' or ')'");
  return false;
}

bool ExpressionParser::parse_argument(Segment& segment) {
  Argument argument;
  argument.at = token().begin;
  if (token().kind == TokenKind::kWord && token().text != "true" && token().text != "false") {
    argument.name = token().text;
    lexer_.advance();
    if (!accept_symbol("=")) {
      fail("expected '=' behind the name of a field, or a text in single quotes");
      return false;
    }
  }
  const bool negative = accept_symbol("-");
  if (token().kind == TokenKind::kLiteral) {
    argument.value = token().value;
    if (negative) argument.value.number = -argument.value.number;
  } else if (accept_word("true")) {
    argument.value = Value::boolean(true);
  } else if (accept_word("false")) {
    argument.value = Value::boolean(false);
  } else {
    fail("expected a number, a text in single quotes, true or false");
    return false;
  }
  if (argument.value.type != ValueType::kBool) lexer_.advance();
  segment.arguments.push_back(argument);
  return true;
}

bool ExpressionParser::resolve(NameRef& ref, std::vector<Segment>& segments) {
  if (segments.front().word == "producer" && segments.size() > 1) {
    const Argument* name = one_argument(segments.front(), ValueType::kString, "producer('p1')");
    if (name == nullptr) return false;
    ref.producer = std::string(name->value.text);
    segments.erase(segments.begin());
  }
  std::string path;
  for (const Segment& segment : segments) {
    if (!path.empty()) path += '.';
    path += segment.word;
    path += argument_word(segment.word);
  }
  for (int i = 0; i < static_cast<int>(Name::count_); ++i) {
    if (name_row(static_cast<Name>(i)).path != path) continue;
    ref.name = static_cast<Name>(i);
    ref.type = name_row(ref.name).type;
    for (std::size_t at = 1; at < segments.size(); ++at) {
      if (!segments[at].called) continue;
      fail_at(segments[at].at, quoted(segments[at].word) + " takes no arguments");
      return false;
    }
    return resolve_arguments(ref, segments.front());
  }
  fail_at(segments.front().at, "there is no name " + quoted(path) + did_you_mean(path, all_paths()) +
                                   " (sendscope help expressions lists them)");
  return false;
}

const ExpressionParser::Argument* ExpressionParser::one_argument(const Segment& segment, ValueType type,
                                                                 std::string_view example) {
  if (segment.arguments.size() == 1 && segment.arguments.front().name.empty() &&
      segment.arguments.front().value.type == type) {
    return &segment.arguments.front();
  }
  fail_at(segment.at, quoted(segment.word) + " takes one argument, as in " + std::string(example));
  return nullptr;
}

bool ExpressionParser::resolve_arguments(NameRef& ref, Segment& segment) {
  const std::string_view word = segment.word;
  if (word == "count" || word == "event") return resolve_events(ref, segment);
  if (word == "failed") return resolve_failed(ref, segment);
  if (word == "field") return resolve_one_field(ref, segment);
  if (word == "config") {
    const Argument* key = one_argument(segment, ValueType::kString, "config('linger.ms')");
    if (key == nullptr) return false;
    ref.object = std::string(key->value.text);
    ref.type = config_type(ref.object);
    return true;
  }
  if (word == "node") {
    const Argument* node = one_argument(segment, ValueType::kInt, "node(1)");
    if (node != nullptr) ref.node = node->value.number;
    return node != nullptr;
  }
  if (word == "thread" || word == "partition" || word == "transaction") {
    const Argument* object = one_argument(segment, ValueType::kString,
                                          word == "thread"      ? "thread('app-1')"
                                          : word == "partition" ? "partition('orders-0')"
                                                                : "transaction('my-transactional-id')");
    if (object != nullptr) ref.object = std::string(object->value.text);
    return object != nullptr;
  }
  if (!segment.called) return true;
  fail_at(segment.at, quoted(word) + " takes no arguments");
  return false;
}

bool ExpressionParser::resolve_failed(NameRef& ref, Segment& segment) {
  if (!segment.called) return true;
  const Argument* error = one_argument(segment, ValueType::kString, "failed('TimeoutException')");
  if (error == nullptr) return false;
  ref.errors = codes_of<std::int32_t>(error->value.text);
  if (!ref.errors.empty()) return true;
  fail_at(error->at, error_hint(error->value.text));
  return false;
}

// field('batch_closed', 'records')
bool ExpressionParser::resolve_one_field(NameRef& ref, Segment& segment) {
  if (segment.arguments.size() != 2 || !segment.arguments[1].name.empty() ||
      segment.arguments[1].value.type != ValueType::kString) {
    fail_at(segment.at,
            "'field' takes the kind of an event and the name of a field, as in "
            "field('batch_closed', 'records')");
    return false;
  }
  const Argument field = segment.arguments[1];
  segment.arguments.pop_back();
  if (!resolve_events(ref, segment)) return false;
  const KindRow& row = kind_row(ref.kind);
  const std::array<FieldRow, 5> fields = {row.actor, row.place, row.subject, row.a, row.b};
  for (ref.field = 0; ref.field < 5; ++ref.field) {
    const FieldRow& found = fields[static_cast<std::size_t>(ref.field)];
    if (found.name != field.value.text) continue;
    ref.type = field_type(found.unit);
    if (ref.type != ValueType::kUnknown) return true;
    fail_at(field.at, quoted(found.name) + " is no number");
    return false;
  }
  const std::vector<std::string_view> names = field_names(row);
  fail_at(field.at, quoted(row.name) + " has no field " + quoted(field.value.text) +
                        did_you_mean(field.value.text, names) + "; its fields: " + list(names));
  return false;
}

bool ExpressionParser::resolve_events(NameRef& ref, Segment& segment) {
  if (segment.arguments.empty() || !segment.arguments.front().name.empty() ||
      segment.arguments.front().value.type != ValueType::kString) {
    fail_at(segment.at, quoted(segment.word) + " takes the kind of an event first, as in " +
                            std::string(segment.word) + "('request_sent', api='Produce', node=1)");
    return false;
  }
  const Argument& kind = segment.arguments.front();
  ref.kind = find_kind(kind.value.text);
  if (ref.kind == EventKind::count_) {
    std::vector<std::string_view> kinds;
    for (int i = 0; i < kEventKindCount; ++i) kinds.push_back(kind_row(static_cast<EventKind>(i)).name);
    fail_at(kind.at, "there is no kind of event " + quoted(kind.value.text) +
                         did_you_mean(kind.value.text, kinds) + " (sendscope help events lists them)");
    return false;
  }
  for (std::size_t i = 1; i < segment.arguments.size(); ++i) {
    if (!resolve_field(ref, segment.arguments[i])) return false;
  }
  return true;
}

bool ExpressionParser::resolve_field(NameRef& ref, const Argument& argument) {
  const KindRow& row = kind_row(ref.kind);
  const std::array<FieldRow, 5> fields = {row.actor, row.place, row.subject, row.a, row.b};
  FieldMatch match;
  match.field = -1;
  std::vector<std::string_view> countable;
  for (int i = 0; i < 5; ++i) {
    if (is_countable(fields[i].unit)) countable.push_back(fields[i].name);
    if (!argument.name.empty() && fields[i].name == argument.name) match.field = i;
  }
  if (match.field < 0) {
    const std::vector<std::string_view> names = field_names(row);
    fail_at(argument.at, quoted(row.name) + " has no field " + quoted(argument.name) +
                             did_you_mean(argument.name, names) + "; its fields: " + list(names));
    return false;
  }
  match.unit = fields[match.field].unit;
  if (ref.name == Name::count && !is_countable(match.unit)) {
    fail_at(argument.at, "count() cannot tell events apart by " + quoted(argument.name) +
                             "; here it can by: " + list(countable));
    return false;
  }
  const std::string expected = match_value(match, argument.value);
  if (!expected.empty()) {
    fail_at(argument.at, quoted(argument.name) + " must be " + expected);
    return false;
  }
  ref.match.push_back(std::move(match));
  return true;
}

}  // namespace sendscope
