#include "core/conform/pipeline_transport.h"

#include <algorithm>

#include "core/base/crc32c.h"
#include "core/base/hex.h"
#include "core/wire/frame.h"
#include "core/wire/produce.h"

namespace sendscope::conform {

namespace {

// "INIT_PRODUCER_ID" for "InitProducerId", as in Kafka's ApiKeys.
std::string constant_name(std::string_view name) {
  std::string constant;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !constant.empty()) constant += '_';
    constant += static_cast<char>(capital ? c : c - 'a' + 'A');
  }
  return constant;
}

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kCorrelationInRequest = kLengthBytes + 4;
constexpr std::size_t kCorrelationInResponse = kLengthBytes;
constexpr std::size_t kHeadBytes = 256;

// Nothing happens where the bytes end before that.
void put_int32(std::vector<std::byte>& bytes, std::size_t at, std::int32_t value) {
  if (bytes.size() < at + 4) return;
  for (int i = 0; i < 4; ++i)
    bytes[at + static_cast<std::size_t>(i)] =
        static_cast<std::byte>(static_cast<std::uint32_t>(value) >> (24 - 8 * i) & 0xff);
}

bool expects_answer(ByteReader& in, const wire::RequestHeader& header) {
  if (header.api_key != static_cast<std::int16_t>(ApiKey::kProduce)) return true;
  const Result<wire::ProduceRequest> body = wire::ProduceRequest::decode(in, header.version);
  return !body || body->acks != 0;
}

}  // namespace

ConnId PipelineTransport::connect(NodeId node, const Endpoint&) {
  const ConnId conn = ++last_conn_;
  nodes_[conn] = node;
  conns_[node] = conn;
  unanswered_[node].clear();
  actions_.push_back({node, {{"do", "connect"}, {"node", node}}});
  return conn;
}

void PipelineTransport::close(ConnId conn) {
  const auto found = nodes_.find(conn);
  if (found == nodes_.end()) return;
  if (client_ == nullptr || client_->active())
    actions_.push_back({found->second, {{"do", "close"}, {"node", found->second}}});
  unanswered_[found->second].clear();
  conns_.erase(found->second);
  nodes_.erase(found);
  std::erase_if(pending_, [conn](const Pending& event) { return event.conn == conn; });
}

std::size_t PipelineTransport::write(ConnId conn, std::span<const Bytes> slices) {
  std::vector<std::byte> frame;
  for (const Bytes slice : slices) frame.insert(frame.end(), slice.begin(), slice.end());
  const std::size_t size = frame.size();
  const auto found = nodes_.find(conn);
  if (found != nodes_.end()) actions_.push_back({found->second, describe(frame, found->second)});
  return size;
}

bool PipelineTransport::next(TransportEvent& event) {
  if (pending_.empty()) return false;
  Pending first = std::move(pending_.front());
  pending_.pop_front();
  current_ = std::move(first.bytes);
  event = {first.kind, first.conn, current_};
  return true;
}

Json PipelineTransport::describe(const std::vector<std::byte>& frame, NodeId node) {
  Json json = {{"do", "write"}, {"node", node}};
  ByteReader in(Bytes(frame).subspan(kLengthBytes));
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return json;
  const ApiRow* row = find_api(header->api_key);
  json["api"] = row != nullptr ? constant_name(row->name) : std::to_string(header->api_key);
  json["version"] = header->version;
  if (expects_answer(in, *header)) unanswered_[node].push_back(header->correlation_id);
  std::vector<std::byte> copy = frame;
  put_int32(copy, kCorrelationInRequest, 0);
  if (copy.size() <= frame_limit_) {
    json["bytes"] = to_hex(copy);
  } else {
    json["bytes"] = {
        {"size", copy.size()}, {"crc32c", crc32c(copy)}, {"head", to_hex(Bytes(copy).first(kHeadBytes))}};
  }
  return json;
}

Json PipelineTransport::take_actions() {
  std::stable_sort(actions_.begin(), actions_.end(),
                   [](const Action& a, const Action& b) { return NodeOrder{}(a.node, b.node); });
  Json out = Json::array();
  for (Action& action : actions_) out.push_back(std::move(action.json));
  actions_.clear();
  return out;
}

Result<void> PipelineTransport::inject(const Json& event) {
  const NodeId node = event.at("node").get<NodeId>();
  const auto found = conns_.find(node);
  if (found == conns_.end())
    return Error(ErrorCode::kIllegalState, "the producer has no connection to node " + std::to_string(node));
  const ConnId conn = found->second;
  const std::string& kind = event.at("kind").get_ref<const std::string&>();
  if (kind == "reply") return reply(node, conn, event);
  if (kind == "connected") {
    pending_.push_back({TransportEventKind::kConnected, conn, {}});
    return {};
  }
  pending_.push_back({TransportEventKind::kDisconnected, conn, {}});
  conns_.erase(found);
  nodes_.erase(conn);
  return {};
}

Result<void> PipelineTransport::reply(NodeId node, ConnId conn, const Json& event) {
  std::deque<std::int32_t>& waiting = unanswered_[node];
  std::optional<std::vector<std::byte>> bytes = from_hex(event.at("bytes").get_ref<const std::string&>());
  if (!bytes || bytes->size() < kCorrelationInResponse + 4)
    return Error(ErrorCode::kInvalidInput, "the reply is no frame");
  if (waiting.empty())
    return Error(ErrorCode::kIllegalState, "node " + std::to_string(node) + " was not asked anything");
  put_int32(*bytes, kCorrelationInResponse, waiting.front());
  waiting.pop_front();
  pending_.push_back({TransportEventKind::kReceived, conn, std::move(*bytes)});
  return {};
}

}  // namespace sendscope::conform
