// The names that expressions may use (name_table.def) and the interface that gives them values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/event.h"
#include "core/event/value.h"

namespace sendscope {

enum class Name : std::uint8_t {
#define NAME(id, path, type, unit, meaning) id,
#include "core/event/name_table.def"
#undef NAME
  count_
};

struct NameRow {
  Name name;
  std::string_view path;  // "partition(p).log.size"; a word in brackets stands for an argument
  ValueType type;
  std::string_view unit;
  std::string_view meaning;
};

const NameRow& name_row(Name name);
// The reference that `sendscope help expressions` prints, from this very table.
std::string expression_help();

// Whether count() can tell events apart by a field of this unit: names of things and enumerated values, never
// numbers such as bytes or ids, of which there is no end.
bool is_countable(Unit unit);

// What a key of the producer's configuration is worth, by its name: "linger.ms" is a duration.
ValueType config_type(std::string_view key);
// What a field of this unit is worth; kUnknown: no number.
ValueType field_type(Unit unit);

// A field that an event must have for count() and event() to see it.
struct FieldMatch {
  int field = 0;  // 0 actor, 1 place, 2 subject, 3 a, 4 b
  Unit unit = Unit::kNone;
  std::vector<std::uint64_t> accepted;  // any of these (one Java class may stand for several error codes)
  std::string name;                     // of a partition, thread, producer or string: compared as text
};

// A name as it stands in an expression, checked and with its arguments.
struct NameRef {
  Name name{};
  std::string text;                  // as written, for messages: "partition('orders-0').queued"
  std::string producer;              // of producer('p1').; empty: all
  ValueType type{};                  // what it is worth
  std::string object;                // thread, partition or transactional id; key of config()
  std::vector<std::int32_t> errors;  // of failed('...'); empty: any
  std::int64_t node = 0;             // of node(1)
  EventKind kind{};                  // of count(), event() and field()
  int field = 0;                     // of field(), as in FieldMatch
  std::vector<FieldMatch> match;
  // Where the source found the object the last time: a hint that spares the search. Sources own its meaning.
  mutable std::uint32_t hint = 0;
};

// Where values come from: a model at one moment of a run.
class NameSource {
 public:
  virtual ~NameSource() = default;
  // The value now. Must be of the type of the name's row, or unknown. Never fails: an object that does not
  // exist (yet) has the value it would be born with.
  virtual Value value(const NameRef& name) const = 0;
  // Whether the object the name speaks of (thread, partition, node, producer) exists.
  virtual bool exists(const NameRef& name) const = 0;
};

}  // namespace sendscope
