#include "core/event/names.h"

#include "core/base/check.h"

namespace sendscope {
namespace {

constexpr NameRow kNameRows[] = {
#define NAME(id, path, type, unit, meaning) {Name::id, path, ValueType::type, unit, meaning},
#include "core/event/name_table.def"
#undef NAME
};

void pad(std::string& out, std::size_t width) {
  if (out.size() < width) out.append(width - out.size(), ' ');
}

}  // namespace

const NameRow& name_row(Name name) {
  SENDSCOPE_CHECK(name < Name::count_);
  return kNameRows[static_cast<std::size_t>(name)];
}

bool is_countable(Unit unit) {
  switch (unit) {
    case Unit::kNone:
    case Unit::kNumber:
    case Unit::kBytes:
    case Unit::kNanos:
    case Unit::kMicros:
    case Unit::kMillis:
    case Unit::kBatch:
    case Unit::kRecord:
    case Unit::kRequest:
    case Unit::kNodeSet: return false;
    default: return true;
  }
}

ValueType config_type(std::string_view key) {
  if (key.ends_with(".ms")) return ValueType::kDuration;
  if (key.ends_with(".bytes") || key == "batch.size" || key == "buffer.memory" || key == "max.request.size")
    return ValueType::kSize;
  const bool count = (key.starts_with("compression.") && key.ends_with(".level")) ||
                     key.ends_with(".seconds") || key == "retries" ||
                     key == "max.in.flight.requests.per.connection" || key == "metrics.num.samples" ||
                     key == "sasl.kerberos.min.time.before.relogin";
  return count ? ValueType::kInt : ValueType::kString;
}

ValueType field_type(Unit unit) {
  switch (unit) {
    case Unit::kNumber:
    case Unit::kNode: return ValueType::kInt;
    case Unit::kBytes: return ValueType::kSize;
    case Unit::kNanos:
    case Unit::kMicros:
    case Unit::kMillis: return ValueType::kDuration;
    default: return ValueType::kUnknown;
  }
}

std::string expression_help() {
  std::string out =
      "Expectations\n"
      "  always E                    E holds after every event\n"
      "  never E                     E holds after no event\n"
      "  finally E                   E holds at the end\n"
      "  eventually E [within D]     E holds after some event, at most D after the start\n"
      "  whenever E then F within D  each time E becomes true, F is true then or at most D later\n"
      "\n"
      "Expressions (a breakpoint and a fault's \"when\" is one that becomes true)\n"
      "  or, and, not, == != < <= > >=, + - * /, ( ), 12, 5ms, 16KiB, 'text', true, names\n"
      "  10% is a part of pool.total: pool.free < 10%\n"
      "\n"
      "Names (p: 'orders-0', t: 'app-1', n: 1, x: a transactional.id,\n       kind: see sendscope help "
      "events)\n";
  for (const NameRow& row : kNameRows) {
    std::string line = "  " + std::string(row.path);
    pad(line, 34);
    line += type_name(row.type);
    pad(line, 44);
    line += row.unit;
    pad(line, 54);
    out += line + std::string(row.meaning) + "\n";
  }
  out +=
      "\n"
      "With several producers a name is the sum over them, or the only one; behind producer('p1'). it is "
      "that\n"
      "producer's. Sizes may be compared with plain integers (bytes), durations with durations and 0. What "
      "cannot\n"
      "be known (a real broker's log) is unknown; an expectation that depends on it is undecided, never "
      "held.\n";
  return out;
}

}  // namespace sendscope
