#include "core/conform/pipeline_values.h"

#include "core/base/java_hash.h"
#include "core/net/network_client.h"
#include "core/producer/producer_metadata.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"
#include "core/wire/frame.h"
#include "core/wire/produce.h"

namespace sendscope::conform {

namespace {

const char* connection_name(ConnectionState state) {
  switch (state) {
    case ConnectionState::kDisconnected: return "DISCONNECTED";
    case ConnectionState::kConnecting: return "CONNECTING";
    case ConnectionState::kCheckingApiVersions: return "CHECKING_API_VERSIONS";
    case ConnectionState::kReady: return "READY";
    case ConnectionState::kAuthenticationFailed: return "AUTHENTICATION_FAILED";
  }
  return "";
}

const char* txn_state_name(TxnState state) {
  switch (state) {
    case TxnState::kUninitialized: return "UNINITIALIZED";
    case TxnState::kInitializing: return "INITIALIZING";
    case TxnState::kReady: return "READY";
    case TxnState::kInTransaction: return "IN_TRANSACTION";
    case TxnState::kPreparedTransaction: return "PREPARED_TRANSACTION";
    case TxnState::kCommitting: return "COMMITTING_TRANSACTION";
    case TxnState::kAborting: return "ABORTING_TRANSACTION";
    case TxnState::kAbortable: return "ABORTABLE_ERROR";
    case TxnState::kFatal: return "FATAL_ERROR";
  }
  return "";
}

Json metadata_of(Producer& producer) {
  const auto cluster = producer.metadata().snapshot();
  Json nodes = Json::array();
  for (const Node& node : cluster->nodes()) nodes.push_back(node.id);
  Json leaders = Json::object();
  for (const auto& [name, topic] : cluster->topics()) {
    for (const Partition& partition : topic.partitions) {
      const NodeId leader = partition.leader == kNoNode ? -1 : partition.leader;
      leaders[to_string(TopicPartition{name, partition.id})] = {leader, partition.leader_epoch};
    }
  }
  return {{"nodes", std::move(nodes)}, {"leaders", std::move(leaders)}};
}

Json partitioners_of(RecordAccumulator& accumulator) {
  Json out = Json::object();
  for (const TopicInfo* topic : accumulator.topics()) {
    const BuiltInPartitioner::Sticky sticky = topic->partitioner.current();
    const PartitionLoad* load = topic->partitioner.load();
    if (!sticky && load == nullptr) continue;
    Json row = {{"sticky", nullptr}, {"bytes", nullptr}, {"load", nullptr}};
    if (sticky) {
      row["sticky"] = sticky.partition;
      row["bytes"] = topic->partitioner.produced_bytes();
    }
    if (load != nullptr)
      row["load"] = {{"partition_ids", load->partitions()}, {"cumulative", load->cumulative()}};
    out[topic->name] = std::move(row);
  }
  return out;
}

Json transactions_of(const TransactionManager& transactions) {
  Json sequences = Json::object();
  for (const auto& [tp, partition] : transactions.partitions())
    sequences[to_string(tp)] = {{"next", partition.next_sequence},
                                {"acked", partition.last_acked_sequence},
                                {"acked_offset", partition.last_acked_offset},
                                {"in_flight", partition.in_flight().size()},
                                {"epoch", partition.id.epoch}};
  Json unresolved = Json::object();
  for (const auto& [tp, sequence] : transactions.unresolved_sequences()) unresolved[to_string(tp)] = sequence;
  const std::optional<Error> last = transactions.last_error();
  Json out = {{"state", txn_state_name(transactions.state())},
              {"pid", transactions.producer_id_and_epoch().producer_id},
              {"epoch", transactions.producer_id_and_epoch().epoch},
              {"sequences", std::move(sequences)},
              {"unresolved", std::move(unresolved)},
              {"v2", transactions.is_transaction_v2_enabled()},
              {"last_error", nullptr}};
  if (last) out["last_error"] = std::string(error_row(last->code).java_class);
  return out;
}

}  // namespace

Json describe_error(const Error* error) {
  if (error == nullptr) return nullptr;
  const ErrorRow& row = error_row(error->code);
  Json out = {{"class", std::string(row.java_class)}};
  // Several codes may share a class; Kafka's tool names the first of the protocol.
  const ErrorRow* first = find_error(row.java_class);
  if (first != nullptr && static_cast<int>(first->code) < 1000) out["code"] = static_cast<int>(first->code);
  if (error->cause != ErrorCode::kNone) out["cause"] = std::string(error_row(error->cause).java_class);
  return out;
}

Json observe(Producer& producer) {
  RecordAccumulator& accumulator = producer.accumulator();
  Json queued = Json::object();
  Json muted = Json::array();
  for (const RecordAccumulator::QueueView& queue : accumulator.queues()) {
    if (!queue.records.empty()) queued[to_string(queue.tp)] = queue.records;
    if (queue.muted) muted.push_back(to_string(queue.tp));
  }
  Json batches = Json::object();
  for (const auto& [tp, list] : producer.sender().in_flight_batches()) batches[to_string(tp)] = list.size();
  Json requests = Json::object();
  for (const auto& [node, list] : producer.client().in_flight().by_node())
    if (!list.empty()) requests[std::to_string(node)] = list.size();
  Json connections = Json::object();
  for (const auto& [node, connection] : producer.client().connections().all())
    connections[std::to_string(node)] = connection_name(connection.state);
  Json out = {{"pool_available", accumulator.pool().available_memory()},
              {"pool_unallocated", accumulator.pool().unallocated_memory()},
              {"incomplete", accumulator.incomplete_count()},
              {"flushing", accumulator.flushes()},
              {"queued", std::move(queued)},
              {"in_flight_batches", std::move(batches)},
              {"in_flight_requests", std::move(requests)},
              {"connections", std::move(connections)},
              {"muted", std::move(muted)},
              {"metadata", metadata_of(producer)},
              {"partitioners", partitioners_of(accumulator)}};
  if (producer.transactions() != nullptr) out["txn"] = transactions_of(*producer.transactions());
  return out;
}

// A java.util.HashSet of at most 12 of Kafka's Node: 16 buckets, by the hash of host, id, port, rack (none)
// and "is fenced" (false). Which of two in one bucket came first does not show here; the sets transcripts
// have never put two into one.
std::map<NodeId, int> hash_ranks(const Json& nodes) {
  constexpr std::uint32_t kHashOfFalse = 1237;
  std::map<NodeId, int> ranks;
  for (const Json& node : nodes) {
    std::uint32_t hash = 31 + java_hash(node.at("host").get<std::string>());
    hash = 31 * hash + static_cast<std::uint32_t>(node.at("id").get<NodeId>());
    hash = 31 * hash + static_cast<std::uint32_t>(node.at("port").get<int>());
    hash = 31 * (31 * hash) + kHashOfFalse;
    ranks[node.at("id").get<NodeId>()] = static_cast<int>((hash ^ hash >> 16) % 16);
  }
  return ranks;
}

std::vector<std::vector<std::byte>> batches_of(Bytes frame) {
  constexpr std::size_t kLengthBytes = 4;
  std::vector<std::vector<std::byte>> batches;
  if (frame.size() < kLengthBytes) return batches;
  ByteReader in(frame.subspan(kLengthBytes));
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return batches;
  const Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(in, header->version);
  if (!request) return batches;
  for (const wire::ProduceTopicData& topic : request->topics)
    for (const wire::ProducePartitionData& partition : topic.partitions)
      if (partition.records) batches.emplace_back(partition.records->begin(), partition.records->end());
  return batches;
}

}  // namespace sendscope::conform
