#include "core/wire/api.h"

#include "core/base/check.h"

namespace sendscope::wire {
namespace {

constexpr ApiRow kRows[] = {
    {ApiKey::kProduce, "Produce", "PRODUCE", 3, 13, 9},
    {ApiKey::kMetadata, "Metadata", "METADATA", 1, 13, 9},
    {ApiKey::kFindCoordinator, "FindCoordinator", "FIND_COORDINATOR", 0, 6, 3},
    {ApiKey::kApiVersions, "ApiVersions", "API_VERSIONS", 0, 4, 3},
    {ApiKey::kInitProducerId, "InitProducerId", "INIT_PRODUCER_ID", 0, 5, 2},
    {ApiKey::kAddPartitionsToTxn, "AddPartitionsToTxn", "ADD_PARTITIONS_TO_TXN", 0, 3, 3},
    {ApiKey::kAddOffsetsToTxn, "AddOffsetsToTxn", "ADD_OFFSETS_TO_TXN", 0, 4, 3},
    {ApiKey::kEndTxn, "EndTxn", "END_TXN", 0, 5, 3},
    {ApiKey::kTxnOffsetCommit, "TxnOffsetCommit", "TXN_OFFSET_COMMIT", 0, 5, 3},
};

}  // namespace

std::span<const ApiRow> api_rows() { return kRows; }

const ApiRow* find_api(std::int16_t key) {
  for (const ApiRow& row : kRows) {
    if (static_cast<std::int16_t>(row.key) == key) return &row;
  }
  return nullptr;
}

const ApiRow& api_row(ApiKey key) {
  const ApiRow* row = find_api(static_cast<std::int16_t>(key));
  SENDSCOPE_CHECK(row != nullptr);
  return *row;
}

}  // namespace sendscope::wire
