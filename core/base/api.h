// Kafka's APIs, as far as they are spoken here: the table of apis.def. Kafka: ApiKeys.
//
// Constant data; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "core/base/check.h"

namespace sendscope {

enum class ApiKey : std::int16_t {
#define SENDSCOPE_API(id, key, ...) id = key,
#include "core/base/apis.def"
#undef SENDSCOPE_API
};

struct ApiRow {
  ApiKey key;
  std::string_view name;     // "InitProducerId"
  std::int16_t min_version;  // of this client
  std::int16_t max_version;
  std::int16_t broker_min;  // announced by simulated brokers
  std::int16_t broker_max;
  std::int16_t flexible_from;  // first version with compact types and tagged fields
  std::int16_t flexible_response_header_from;
};

// Higher than any version.
inline constexpr std::int16_t kNoVersion = std::numeric_limits<std::int16_t>::max();

// All rows, by ascending key.
inline constexpr ApiRow kApiRows[] = {
#define SENDSCOPE_API(id, key, ...) {ApiKey::id, __VA_ARGS__},
#include "core/base/apis.def"
#undef SENDSCOPE_API
};
constexpr std::span<const ApiRow> api_rows() { return kApiRows; }

// The key as it stands in a request's header.
constexpr std::int16_t key_of(ApiKey key) { return static_cast<std::int16_t>(key); }

// REQUIRES: key is one of the enumeration
constexpr const ApiRow& api_row(ApiKey key) {
  const ApiRow* row = kApiRows;
  while (row->key != key) {
    ++row;
    SENDSCOPE_CHECK(row != std::end(kApiRows));
  }
  return *row;
}

// nullptr for a number that is no key of the table.
const ApiRow* find_api(std::int32_t key);
// nullptr when no API has this name ("Produce").
const ApiRow* find_api(std::string_view name);
// The name of the API that a field of an event speaks of; empty for a number that is no key of the table.
std::string_view api_name(std::uint32_t key);

constexpr bool is_flexible(ApiKey key, std::int16_t version) { return version >= api_row(key).flexible_from; }

}  // namespace sendscope
