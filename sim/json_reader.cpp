#include "sim/json_reader.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/base/units.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kMostProblems = 100;

std::string child_path(const JsonValue& object, const std::string& key) {
  return object.path.empty() ? key : object.path + "." + key;
}

}  // namespace

void Problems::expected(const JsonValue& value, std::string expected) {
  this->expected(value, value.describe(), std::move(expected));
}

void Problems::expected(const JsonValue& value, std::string found, std::string expected) {
  if (list_.size() >= kMostProblems) return;
  list_.push_back({file_, value.line, value.column, value.path, std::move(found), std::move(expected)});
}

void Problems::expected(const JsonMember& member, const JsonValue& object, std::string found,
                        std::string expected) {
  if (list_.size() >= kMostProblems) return;
  list_.push_back({file_, member.line, member.column, child_path(object, member.key), std::move(found),
                   std::move(expected)});
}

void Problems::wrong(const JsonValue& value, std::string message) {
  if (list_.size() >= kMostProblems) return;
  list_.push_back({file_, value.line, value.column, value.path, "", "", std::move(message)});
}

void Problems::append(std::vector<Problem> more) {
  for (Problem& problem : more) {
    if (list_.size() < kMostProblems) list_.push_back(std::move(problem));
  }
}

std::vector<Problem> Problems::take() {
  std::stable_sort(list_.begin(), list_.end(), [](const Problem& a, const Problem& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  return std::move(list_);
}

ObjectReader::ObjectReader(const JsonValue& value, Problems& problems, std::string what)
    : value_(value), problems_(problems), is_object_(value.kind == JsonValue::Kind::kObject) {
  if (!is_object_) problems_.expected(value_, std::move(what));
}

ObjectReader::~ObjectReader() {
  for (const JsonMember& member : value_.members) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const std::string suggestion = did_you_mean(member.key, known_);
    problems_.expected(member, value_, "an unknown key",
                       known_.empty() ? "no keys here" : "one of " + one_of(known_) + suggestion);
  }
}

const JsonValue* ObjectReader::find(std::string_view key) {
  allow(key);
  return is_object_ ? value_.find(key) : nullptr;
}

const JsonValue* ObjectReader::require(std::string_view key, std::string expected) {
  const JsonValue* found = find(key);
  if (found == nullptr && is_object_) {
    problems_.expected(value_, "no \"" + std::string(key) + "\"", std::move(expected));
  }
  return found;
}

std::optional<std::string> read_string(const JsonValue& value, Problems& problems,
                                       const std::string& expected) {
  if (value.kind == JsonValue::Kind::kString) return value.text;
  problems.expected(value, expected);
  return std::nullopt;
}

std::optional<bool> read_boolean(const JsonValue& value, Problems& problems) {
  if (value.kind == JsonValue::Kind::kBoolean) return value.boolean;
  problems.expected(value, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const JsonValue& value, Problems& problems, std::int64_t low,
                                         std::int64_t high, const std::string& what) {
  if (value.kind == JsonValue::Kind::kInteger && value.integer >= low && value.integer <= high) {
    return value.integer;
  }
  problems.expected(value, what + " from " + std::to_string(low) + " to " + std::to_string(high));
  return std::nullopt;
}

std::optional<Nanos> read_duration(const JsonValue& value, Problems& problems) {
  if (value.kind == JsonValue::Kind::kString) {
    if (auto parsed = parse_duration(value.text)) return *parsed;
  }
  problems.expected(value, "a duration: a number and ns, us, ms, s, m or h, such as \"5ms\"");
  return std::nullopt;
}

std::optional<std::int64_t> read_size(const JsonValue& value, Problems& problems) {
  if (value.kind == JsonValue::Kind::kString) {
    if (auto parsed = parse_size(value.text)) return *parsed;
  }
  problems.expected(value, "a size: a number and B, kB, KiB, MB, MiB, GB or GiB, such as \"16KiB\"");
  return std::nullopt;
}

std::optional<std::int64_t> read_probability(const JsonValue& value, Problems& problems) {
  constexpr std::int64_t kMillion = 1'000'000;
  using Kind = JsonValue::Kind;
  std::optional<std::int64_t> parts;
  if (value.kind == Kind::kInteger && (value.integer == 0 || value.integer == 1)) {
    parts = value.integer * kMillion;
  } else if (value.kind == Kind::kReal) {
    if (auto scaled = scale_decimal(value.text, kMillion)) parts = *scaled;
  } else if (value.kind == Kind::kString && value.text.ends_with('%')) {
    if (auto scaled = scale_decimal(value.text.substr(0, value.text.size() - 1), kMillion / 100))
      parts = *scaled;
  }
  if (parts && *parts <= kMillion) return parts;
  problems.expected(value, "a probability from 0 to 1 with at most six decimals, such as 0.25");
  return std::nullopt;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& candidates) {
  const std::string_view near = nearest_word(wrong, candidates);
  return near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)";
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace sendscope::sim
