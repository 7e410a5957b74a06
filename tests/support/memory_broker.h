// A Transport with brokers inside: it answers at once, in the same process, without a network. Topics exist
// with as many partitions as the test says, led by the nodes in turn. What the brokers say about a batch is
// the test's to choose; how long they keep quiet, too.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/net/transport.h"
#include "core/wire/api_versions.h"
#include "core/wire/frame.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "tests/support/memory_coordinator.h"

namespace sendscope::testing {

class MemoryBroker final : public Transport {
 public:
  MemoryBroker(std::map<std::string, std::int32_t> topics, std::int32_t nodes = 1)
      : topics_(std::move(topics)), nodes_(nodes) {}

  // ---- the test's side
  using Verdict = std::function<void(const std::string& topic, const wire::ProducePartitionData& sent,
                                     wire::ProducePartitionResponse& answer)>;
  Verdict verdict;  // may change the answer, which says: stored at the next offset
  std::function<void(wire::ProduceResponse&)> edit;  // may change the whole of a produce response
  bool holds_answers = false;                        // of produce requests: they wait for release()
  std::set<ApiKey> holds;                            // so do the answers of these
  std::set<ApiKey> cuts;  // the next request of each of these costs the connection, unanswered
  std::map<ApiKey, std::int16_t> latest;  // the latest version of what is not wholly known; -1: unknown
  std::int32_t leader_shift = 0;          // partition p is led by node (p + leader_shift) modulo the nodes
  std::int32_t leader_epoch = 0;
  std::int16_t transaction_version = 0;  // the finalized feature
  std::int64_t features_epoch = 1;
  MemoryCoordinator coordinator;
  bool hears_produce = false;  // coordinator.heard gets "produce:orders-0" a batch
  int produce_requests = 0;
  std::int64_t bytes = 0;

  // Lets go of the oldest held answers.
  void release(std::size_t count = SIZE_MAX) {
    for (; count > 0 && !held_.empty(); --count) {
      events_.push_back(std::move(held_.front()));
      held_.pop_front();
    }
  }
  // The oldest held answer of this node.
  void release_from(NodeId node) {
    const auto of_node = [this, node](const Pending& answer) {
      const auto conn = conns_.find(answer.conn);
      return conn != conns_.end() && conn->second == node;
    };
    const auto first = std::find_if(held_.begin(), held_.end(), of_node);
    if (first == held_.end()) return;
    events_.push_back(std::move(*first));
    held_.erase(first);
  }
  std::size_t held() const { return held_.size(); }
  void disconnect_all() {
    for (const auto& [conn, node] : conns_) events_.push_back({TransportEventKind::kDisconnected, conn, {}});
    conns_.clear();
    held_.clear();
  }
  bool idle() const { return events_.empty(); }
  void add_topic(const std::string& name, std::int32_t partitions) { topics_[name] = partitions; }
  void remove_topic(const std::string& name) { topics_.erase(name); }
  std::map<std::string, ErrorCode> topic_errors;  // what metadata says instead of the partitions
  std::int32_t metadata_throttle_ms = 0;

  // ---- the producer's side
  ConnId connect(NodeId node, const Endpoint&) override {
    conns_[++last_conn_] = node;
    events_.push_back({TransportEventKind::kConnected, last_conn_, {}});
    return last_conn_;
  }
  void close(ConnId conn) override {
    conns_.erase(conn);
    const auto of_it = [conn](const Pending& event) { return event.conn == conn; };
    std::erase_if(events_, of_it);
    std::erase_if(held_, of_it);
  }
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override {
    frame_.clear();
    for (const Bytes slice : slices) frame_.insert(frame_.end(), slice.begin(), slice.end());
    bytes += static_cast<std::int64_t>(frame_.size());
    answer(conn, Bytes(frame_).subspan(4));
    return frame_.size();
  }
  bool next(TransportEvent& event) override {
    if (events_.empty()) return false;
    const Pending& first = events_.front();
    current_ = first.bytes;
    event = {first.kind, first.conn, current_};
    events_.pop_front();
    return true;
  }

 private:
  struct Pending {
    TransportEventKind kind;
    ConnId conn;
    std::vector<std::byte> bytes;
  };

  void answer(ConnId conn, Bytes request) {
    ByteReader in(request);
    const wire::RequestHeader header = wire::RequestHeader::decode(in).value();
    const auto api = static_cast<ApiKey>(header.api_key);
    if (cuts.erase(api) != 0) {
      conns_.erase(conn);
      events_.push_back({TransportEventKind::kDisconnected, conn, {}});
      return;
    }
    switch (api) {
      case ApiKey::kProduce: return produce(conn, header, in);
      case ApiKey::kMetadata: return reply(conn, header, metadata());
      case ApiKey::kApiVersions: return reply(conn, header, api_versions());
      default:
        if (const auto body = coordinator.answer(header, in))
          std::visit([&](const auto& message) { reply(conn, header, message); }, *body);
    }
  }

  template <typename Response>
  void reply(ConnId conn, const wire::RequestHeader& header, const Response& response) {
    std::vector<std::byte> frame =
        wire::Frame::response(response, header.version, header.correlation_id).flatten();
    const bool held =
        (holds_answers && Response::kApi == ApiKey::kProduce) || holds.count(Response::kApi) != 0;
    (held ? held_ : events_).push_back({TransportEventKind::kReceived, conn, std::move(frame)});
  }

  wire::ApiVersionsResponse api_versions() const {
    wire::ApiVersionsResponse response;
    for (const ApiRow& row : api_rows()) {
      const auto known = latest.find(row.key);
      const std::int16_t max = known == latest.end() ? row.max_version : known->second;
      if (max >= row.min_version)
        response.api_keys.push_back({static_cast<std::int16_t>(row.key), row.min_version, max});
    }
    response.finalized_features_epoch = features_epoch;
    if (transaction_version > 0)
      response.finalized_features = {{"transaction.version", transaction_version, 0}};
    return response;
  }

  static Uuid id_of(std::size_t index) { return Uuid{7, index + 1}; }

  wire::MetadataResponse metadata() const {
    wire::MetadataResponse response;
    response.throttle_time_ms = metadata_throttle_ms;
    for (std::int32_t node = 0; node < nodes_; ++node) response.brokers.push_back({node, "memory", 9092, {}});
    for (const auto& [name, error] : topic_errors) {
      wire::MetadataTopic topic;
      topic.name = name;
      topic.error_code = static_cast<std::int16_t>(error);
      response.topics.push_back(std::move(topic));
    }
    std::size_t index = 0;
    for (const auto& [name, partitions] : topics_) {
      wire::MetadataTopic topic;
      topic.name = name;
      topic.topic_id = id_of(index++);
      for (std::int32_t p = 0; p < partitions; ++p) {
        wire::MetadataPartition partition;
        partition.partition_index = p;
        partition.leader_id = (p + leader_shift) % nodes_;
        partition.leader_epoch = leader_epoch;
        topic.partitions.push_back(partition);
      }
      response.topics.push_back(std::move(topic));
    }
    return response;
  }

  std::string name_of(const wire::ProduceTopicData& topic) const {
    if (!topic.name.empty()) return topic.name;
    std::size_t index = 0;
    for (const auto& [name, partitions] : topics_)
      if (topic.topic_id == id_of(index++)) return name;
    return {};
  }

  void produce(ConnId conn, const wire::RequestHeader& header, ByteReader& in) {
    const wire::ProduceRequest request = wire::ProduceRequest::decode(in, header.version).value();
    ++produce_requests;
    wire::ProduceResponse response;
    for (const wire::ProduceTopicData& topic : request.topics) {
      wire::ProduceTopicResponse answers{topic.name, topic.topic_id, {}};
      for (const wire::ProducePartitionData& partition : topic.partitions) {
        wire::ProducePartitionResponse answer;
        answer.index = partition.index;
        answer.base_offset = next_offset_;
        answer.log_start_offset = 0;
        next_offset_ += 1'000;
        if (hears_produce)
          coordinator.heard.push_back("produce:" + name_of(topic) + "-" + std::to_string(partition.index));
        if (verdict) verdict(name_of(topic), partition, answer);
        answers.partitions.push_back(std::move(answer));
      }
      response.topics.push_back(std::move(answers));
    }
    if (edit) edit(response);
    if (request.acks != 0) reply(conn, header, response);
  }

  std::map<std::string, std::int32_t> topics_;
  const std::int32_t nodes_;
  std::map<ConnId, NodeId> conns_;
  std::deque<Pending> events_;
  std::deque<Pending> held_;
  std::vector<std::byte> frame_;
  std::vector<std::byte> current_;
  ConnId last_conn_ = kNoConn;
  std::int64_t next_offset_ = 0;
};

}  // namespace sendscope::testing
