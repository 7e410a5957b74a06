#include "core/base/api.h"

namespace sendscope {

const ApiRow* find_api(std::int32_t key) {
  for (const ApiRow& row : kApiRows) {
    if (key_of(row.key) == key) return &row;
  }
  return nullptr;
}

const ApiRow* find_api(std::string_view name) {
  for (const ApiRow& row : kApiRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string_view api_name(std::uint32_t key) {
  const ApiRow* row = find_api(static_cast<std::int32_t>(key));
  return row == nullptr ? std::string_view{} : row->name;
}

}  // namespace sendscope
