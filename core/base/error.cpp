#include "core/base/error.h"

#include <array>

namespace sendscope {
namespace {

constexpr ErrorRow kRows[] = {
#define SENDSCOPE_ERROR(id, value, name, java_class, families, text) \
  {ErrorCode::id, name, java_class, families, text},
#include "core/base/errors.def"
#undef SENDSCOPE_ERROR
};

const ErrorRow* find_row(ErrorCode code) {
  for (const ErrorRow& row : kRows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

const ErrorRow& error_row(ErrorCode code) {
  const ErrorRow* row = find_row(code);
  return row != nullptr ? *row : kRows[0];
}

ErrorCode error_from_wire(std::int16_t code) {
  const auto candidate = static_cast<ErrorCode>(code);
  return code < 1000 && find_row(candidate) != nullptr ? candidate : ErrorCode::kUnknownServerError;
}

const ErrorRow* find_error(std::string_view name_or_class) {
  for (const ErrorRow& row : kRows) {
    if (row.name == name_or_class) return &row;
  }
  for (const ErrorRow& row : kRows) {
    if (!row.java_class.empty() && row.java_class == name_or_class) return &row;
  }
  return nullptr;
}

}  // namespace sendscope
