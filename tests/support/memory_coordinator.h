// The coordinator of every transaction and every group, for the brokers in memory. It says yes to everything
// unless a test has lined up something else.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/topic_partition.h"
#include "core/net/client_request.h"

namespace sendscope::testing {

class MemoryCoordinator {
 public:
  // ---- the test's side
  std::map<ApiKey, std::deque<ErrorCode>> errors;                    // of the next answers; kNone is one, too
  std::map<TopicPartition, std::deque<ErrorCode>> partition_errors;  // of single partitions
  wire::Coordinator address{.node_id = 0, .host = "memory", .port = 9092};
  std::int32_t throttle_ms = 0;  // told with every producer id
  std::int64_t producer_id = 1000;
  std::int16_t epoch = 0;  // what the next new producer id comes with
  // What was asked, a word a request: "find:id", "find-group:g", "init:-1/-1", "add:orders-0,orders-1",
  // "offsets:g", "commit-offsets:orders-0", "commit", "abort".
  std::vector<std::string> heard;

  // Nothing when the request is none for a coordinator.
  std::optional<ResponseBody> answer(const wire::RequestHeader& header, ByteReader& in) {
    const std::int16_t version = header.version;
    switch (static_cast<ApiKey>(header.api_key)) {
      case ApiKey::kFindCoordinator: return find(wire::FindCoordinatorRequest::decode(in, version).value());
      case ApiKey::kInitProducerId: return init(wire::InitProducerIdRequest::decode(in, version).value());
      case ApiKey::kAddPartitionsToTxn:
        return add(wire::AddPartitionsToTxnRequest::decode(in, version).value());
      case ApiKey::kAddOffsetsToTxn: {
        heard.push_back("offsets:" + wire::AddOffsetsToTxnRequest::decode(in, version).value().group_id);
        return wire::AddOffsetsToTxnResponse{0, next_error(ApiKey::kAddOffsetsToTxn)};
      }
      case ApiKey::kTxnOffsetCommit:
        return commit_offsets(wire::TxnOffsetCommitRequest::decode(in, version).value());
      case ApiKey::kEndTxn: return end(wire::EndTxnRequest::decode(in, version).value(), version);
      default: return std::nullopt;
    }
  }

 private:
  std::int16_t next_error(ApiKey api) { return take(errors[api]); }
  static std::int16_t take(std::deque<ErrorCode>& line) {
    if (line.empty()) return 0;
    const auto code = static_cast<std::int16_t>(line.front());
    line.pop_front();
    return code;
  }

  wire::FindCoordinatorResponse find(const wire::FindCoordinatorRequest& request) {
    const std::string key = request.coordinator_keys.empty() ? request.key : request.coordinator_keys[0];
    heard.push_back((request.key_type == 0 ? "find-group:" : "find:") + key);
    const std::int16_t error = next_error(ApiKey::kFindCoordinator);
    return {0, {{key, address.node_id, address.host, address.port, error, {}}}};
  }

  wire::InitProducerIdResponse init(const wire::InitProducerIdRequest& request) {
    heard.push_back("init:" + std::to_string(request.producer_id) + "/" +
                    std::to_string(request.producer_epoch));
    const std::int16_t error = next_error(ApiKey::kInitProducerId);
    if (error != 0) return {throttle_ms, error, -1, -1};
    if (request.producer_id >= 0) ++epoch;
    return {throttle_ms, 0, producer_id, epoch};
  }

  std::vector<wire::TopicPartitionErrors> verdicts(const std::vector<TopicPartition>& partitions,
                                                   std::int16_t error) {
    std::vector<wire::TopicPartitionErrors> topics;
    for (const TopicPartition& tp : partitions) {
      if (topics.empty() || topics.back().name != tp.topic) topics.push_back({tp.topic, {}});
      const std::int16_t own = take(partition_errors[tp]);
      topics.back().partitions.push_back({tp.partition, own != 0 ? own : error});
    }
    return topics;
  }

  wire::AddPartitionsToTxnResponse add(const wire::AddPartitionsToTxnRequest& request) {
    std::vector<TopicPartition> partitions;
    for (const auto& topic : request.topics)
      for (const std::int32_t partition : topic.partitions) partitions.push_back({topic.name, partition});
    heard.push_back("add:" + names(partitions));
    return {0, verdicts(partitions, next_error(ApiKey::kAddPartitionsToTxn))};
  }

  wire::TxnOffsetCommitResponse commit_offsets(const wire::TxnOffsetCommitRequest& request) {
    std::vector<TopicPartition> partitions;
    for (const auto& topic : request.topics)
      for (const auto& partition : topic.partitions)
        partitions.push_back({topic.name, partition.partition_index});
    heard.push_back("commit-offsets:" + names(partitions));
    last_offset_commit = request;
    return {0, verdicts(partitions, next_error(ApiKey::kTxnOffsetCommit))};
  }

  wire::EndTxnResponse end(const wire::EndTxnRequest& request, std::int16_t version) {
    heard.emplace_back(request.committed ? "commit" : "abort");
    const std::int16_t error = next_error(ApiKey::kEndTxn);
    constexpr std::int16_t kFirstWithBump = 5;
    if (error != 0 || version < kFirstWithBump) return {0, error, -1, -1};
    return {0, 0, producer_id, static_cast<std::int16_t>(++epoch)};
  }

  static std::string names(const std::vector<TopicPartition>& partitions) {
    std::string text;
    for (const TopicPartition& tp : partitions) text += (text.empty() ? "" : ",") + to_string(tp);
    return text;
  }

 public:
  std::optional<wire::TxnOffsetCommitRequest> last_offset_commit;
};

}  // namespace sendscope::testing
