// The requests this client can send, with the versions it speaks. Kafka: ApiKeys.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sendscope::wire {

enum class ApiKey : std::int16_t {
  kProduce = 0,
  kMetadata = 3,
  kFindCoordinator = 10,
  kApiVersions = 18,
  kInitProducerId = 22,
  kAddPartitionsToTxn = 24,
  kAddOffsetsToTxn = 25,
  kEndTxn = 26,
  kTxnOffsetCommit = 28,
};

struct ApiRow {
  ApiKey key;
  std::string_view name;      // "InitProducerId"
  std::string_view constant;  // "INIT_PRODUCER_ID", as in Kafka's logs
  std::int16_t min_version;   // of this client
  std::int16_t max_version;
  std::int16_t flexible_from;  // first version with compact types and tagged fields
};

// All rows, by ascending key.
std::span<const ApiRow> api_rows();
// nullptr for a key this client does not know.
const ApiRow* find_api(std::int16_t key);
// REQUIRES: key is one of the enumeration
const ApiRow& api_row(ApiKey key);

inline bool is_flexible(ApiKey key, std::int16_t version) { return version >= api_row(key).flexible_from; }

}  // namespace sendscope::wire
