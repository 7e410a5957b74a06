#include "tests/core/live/broker_answers.h"

#include "core/base/hex.h"
#include "core/wire/api_versions.h"
#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "core/wire/record_batch.h"

namespace sendscope::live {
namespace {

constexpr Uuid kTopicId{0x1234, 0x5678};
constexpr std::int32_t kNode = 1;

template <typename Message>
std::vector<std::byte> response(const Message& message, const wire::RequestHeader& header) {
  return wire::Frame::response(message, header.version, header.correlation_id).flatten();
}

wire::ApiVersionsResponse api_versions() {
  wire::ApiVersionsResponse answer;
  for (const ApiRow& row : api_rows()) {
    answer.api_keys.push_back({static_cast<std::int16_t>(row.key), row.min_version, row.max_version});
  }
  return answer;
}

wire::MetadataResponse metadata(const wire::MetadataRequest& request, std::int32_t port,
                                std::int32_t partitions) {
  wire::MetadataResponse answer;
  answer.brokers = {{kNode, "127.0.0.1", port, std::nullopt}};
  answer.controller_id = kNode;
  if (!request.topics) return answer;
  for (const wire::MetadataRequestTopic& asked : *request.topics) {
    wire::MetadataTopic& topic = answer.topics.emplace_back();
    topic.name = asked.name;
    topic.topic_id = kTopicId;
    for (std::int32_t i = 0; i < partitions; ++i) {
      wire::MetadataPartition& partition = topic.partitions.emplace_back();
      partition.partition_index = i;
      partition.leader_id = kNode;
      partition.leader_epoch = 0;
      partition.replica_nodes = partition.isr_nodes = {kNode};
    }
  }
  return answer;
}

}  // namespace

BrokerAnswers::BrokerAnswers(std::int32_t partitions, std::uint16_t port)
    : partitions_(partitions), port_(port) {
  coordinator_.address = {.key = {}, .node_id = kNode, .host = "127.0.0.1", .port = port};
}

std::optional<std::vector<std::byte>> BrokerAnswers::answer(Bytes frame) {
  ByteReader in(frame);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return std::nullopt;
  switch (static_cast<ApiKey>(header->api_key)) {
    case ApiKey::kApiVersions: return response(api_versions(), *header);
    case ApiKey::kMetadata: {
      const auto request = wire::MetadataRequest::decode(in, header->version);
      return response(metadata(*request, port_, partitions_), *header);
    }
    case ApiKey::kProduce: return produce(*header, in);
    default: break;
  }
  const std::optional<ResponseBody> body = coordinator_.answer(*header, in);
  if (!body) return std::nullopt;
  return std::visit([&](const auto& message) { return response(message, *header); }, *body);
}

std::optional<std::vector<std::byte>> BrokerAnswers::produce(const wire::RequestHeader& header,
                                                             ByteReader& in) {
  const Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(in, header.version);
  if (!request) return std::nullopt;
  wire::ProduceResponse reply;
  for (const wire::ProduceTopicData& topic : request->topics) {
    wire::ProduceTopicResponse& answered = reply.topics.emplace_back();
    answered.name = topic.name;
    answered.topic_id = topic.topic_id;
    for (const wire::ProducePartitionData& data : topic.partitions) {
      wire::ProducePartitionResponse& partition = answered.partitions.emplace_back();
      partition.index = data.index;
      partition.base_offset = store(data.index, *data.records);
    }
  }
  if (request->acks == 0) return std::nullopt;
  return response(reply, header);
}

std::int64_t BrokerAnswers::store(std::int32_t partition, Bytes records) {
  const Result<wire::RecordBatchView> batch = wire::RecordBatchView::parse(records);
  SENDSCOPE_CHECK(batch && batch->validate());
  std::vector<std::byte> storage;
  wire::RecordIterator each(batch->header(), *batch->record_bytes(storage));
  wire::RecordView record;
  std::vector<std::string>& log = logs_[partition];
  const auto base = static_cast<std::int64_t>(log.size());
  while (each.next(record)) log.emplace_back(as_text(record.value.value_or(Bytes{})));
  return base;
}

}  // namespace sendscope::live
