// Reads located JSON into plain data and gathers everything that is wrong on the way, so that a person sees
// all mistakes of a file at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/types.h"
#include "sim/located_json.h"

namespace sendscope::sim {

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  // The value is not what was expected; what it is instead is described from the value itself.
  void expected(const JsonValue& value, std::string expected);
  void expected(const JsonValue& value, std::string found, std::string expected);
  void expected(const JsonMember& member, const JsonValue& object, std::string found, std::string expected);
  // Somebody else has said in words what is wrong with the value.
  void wrong(const JsonValue& value, std::string message);
  void append(std::vector<Problem> more);

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const std::string& file() const { return file_; }
  // In the order of the text, at most a hundred.
  std::vector<Problem> take();

 private:
  std::string file_;
  std::vector<Problem> list_;
};

// One object: every key that is asked for is a key that may stand there; the destructor reports all others,
// each with the nearest key that may.
class ObjectReader {
 public:
  // A value that is no object is reported, and reads as an empty object.
  ObjectReader(const JsonValue& value, Problems& problems, std::string what = "an object");
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  const JsonValue& value() const { return value_; }
  Problems& problems() { return problems_; }

  // Null when the key is absent.
  const JsonValue* find(std::string_view key);
  // Reports an absent key.
  const JsonValue* require(std::string_view key, std::string expected);
  // Declares a key as allowed without reading it.
  void allow(std::string_view key) { known_.push_back(key); }

 private:
  const JsonValue& value_;
  Problems& problems_;
  bool is_object_;
  std::vector<std::string_view> known_;
};

// Each reports a value that is not of its kind and returns nothing then.
std::optional<std::string> read_string(const JsonValue& value, Problems& problems,
                                       const std::string& expected = "a string");
std::optional<bool> read_boolean(const JsonValue& value, Problems& problems);
std::optional<std::int64_t> read_integer(const JsonValue& value, Problems& problems, std::int64_t low,
                                         std::int64_t high, const std::string& what = "a whole number");
std::optional<Nanos> read_duration(const JsonValue& value, Problems& problems);
std::optional<std::int64_t> read_size(const JsonValue& value, Problems& problems);
// A probability in parts of a million: 0.25 or "25%" is 250000.
std::optional<std::int64_t> read_probability(const JsonValue& value, Problems& problems);

// " (did you mean 'partition'?)", or nothing when no candidate is near.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& candidates);
// "a, b or c"
std::string one_of(const std::vector<std::string_view>& words);

}  // namespace sendscope::sim
