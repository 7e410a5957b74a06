// A request on its way from whoever makes it, through NetworkClient, to the handler of its outcome.
// Kafka: ClientRequest, ClientResponse, RequestCompletionHandler.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/base/api.h"
#include "core/base/error.h"
#include "core/base/result.h"
#include "core/base/types.h"
#include "core/wire/add_offsets_to_txn.h"
#include "core/wire/add_partitions_to_txn.h"
#include "core/wire/api_versions.h"
#include "core/wire/end_txn.h"
#include "core/wire/find_coordinator.h"
#include "core/wire/frame.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "core/wire/txn_offset_commit.h"

namespace sendscope {

using RequestBody =
    std::variant<wire::ProduceRequest, wire::MetadataRequest, wire::FindCoordinatorRequest,
                 wire::ApiVersionsRequest, wire::InitProducerIdRequest, wire::AddPartitionsToTxnRequest,
                 wire::AddOffsetsToTxnRequest, wire::EndTxnRequest, wire::TxnOffsetCommitRequest>;
using ResponseBody =
    std::variant<wire::ProduceResponse, wire::MetadataResponse, wire::FindCoordinatorResponse,
                 wire::ApiVersionsResponse, wire::InitProducerIdResponse, wire::AddPartitionsToTxnResponse,
                 wire::AddOffsetsToTxnResponse, wire::EndTxnResponse, wire::TxnOffsetCommitResponse>;

// The versions of its api that a request can be written in; a subset of the api's row.
struct VersionRange {
  std::int16_t oldest = 0;
  std::int16_t latest = 0;
};
VersionRange all_versions(ApiKey api);
ApiKey api_of(const RequestBody& body);

// The outcome of one request. Exactly one of these holds: `body` is there; `disconnected` (perhaps also
// `timed_out`); `version_mismatch` is there (nothing was sent); none of them: written, no response expected.
struct ClientResponse {
  RequestId id = 0;
  NodeId node = kNoNode;
  ApiKey api{};
  std::int16_t version = 0;
  std::int32_t correlation_id = 0;
  Millis created_ms = 0;
  Millis received_ms = 0;  // when this outcome was known
  bool disconnected = false;
  bool timed_out = false;
  std::string why_disconnected;  // in words, where there is more to say
  std::optional<Error> version_mismatch;
  std::optional<ResponseBody> body;

  // Kafka: requestLatencyMs, from the creation of the request, so with what it waited inside the client.
  Millis latency_ms() const { return received_ms - created_ms; }
  // The body as the response of one api; nullptr when there is none or it is of another api.
  template <typename Response>
  const Response* as() const {
    return body ? std::get_if<Response>(&*body) : nullptr;
  }
};

// What a request carries to learn its outcome. Called once, in the poll in which the outcome is known, after
// everything else of that poll; never from within send(). It may call send() and ready().
class RequestCompletionHandler {
 public:
  virtual ~RequestCompletionHandler() = default;
  virtual void on_complete(const ClientResponse& response) = 0;
};

// Memory a Produce body points to must stay until the handler was called, or NetworkClient is gone.
struct ClientRequest {
  RequestId id = 0;  // request_id()
  NodeId node = kNoNode;
  RequestBody body;
  VersionRange versions;
  std::int32_t correlation_id = 0;
  Millis created_ms = 0;
  bool expects_response = true;
  Millis timeout_ms = 0;
  std::unique_ptr<RequestCompletionHandler> handler;  // may be null
};

// Correlation ids count from 0. The last eight positive integers are left out, because Kafka keeps them for
// SASL; behind them it goes on from the smallest integer.
std::int32_t correlation_id_after(std::int32_t previous);
// The request as bytes. REQUIRES: the version lies in the api's row.
wire::Frame frame_of(const RequestBody& body, std::int16_t version, std::int32_t correlation_id,
                     const std::optional<std::string>& client_id);
// Reads a response's message, behind its header. Bytes left over do not matter, as with Kafka.
Result<ResponseBody> decode_response(ByteReader& in, ApiKey api, std::int16_t version);
std::int32_t throttle_time_of(const ResponseBody& body);
// From which version a client itself holds back when a response of this api says so (KIP-219).
bool throttles_client(ApiKey api, std::int16_t version);

}  // namespace sendscope
