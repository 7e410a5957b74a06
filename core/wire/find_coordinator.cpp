#include "core/wire/find_coordinator.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto find_coordinator_request_fields = [](auto& c, auto& m, int version) {
  if (version <= 3) c(m.key);
  if (version >= 1) c(m.key_type);
  if (version >= 4) c(m.coordinator_keys);
  c.tags();
};

// Up to version 3 the one answer stands in the message itself, in another order.
template <typename Codec, typename Answer>
void single_answer_fields(Codec& c, Answer& answer, int version) {
  c(answer.error_code);
  if (version >= 1) c(answer.error_message);
  c(answer.node_id);
  c(answer.host);
  c(answer.port);
}

void single_answer(Encoder& c, const FindCoordinatorResponse& m, int version) {
  const Coordinator none;
  single_answer_fields(c, m.coordinators.empty() ? none : m.coordinators.front(), version);
}

void single_answer(Decoder& c, FindCoordinatorResponse& m, int version) {
  m.coordinators.assign(1, {});
  single_answer_fields(c, m.coordinators.front(), version);
}

constexpr auto find_coordinator_response_fields = [](auto& c, auto& m, int version) {
  if (version >= 1) c(m.throttle_time_ms);
  if (version <= 3) {
    single_answer(c, m, version);
  } else {
    c.array(m.coordinators, [&](auto& coordinator) {
      c(coordinator.key);
      c(coordinator.node_id);
      c(coordinator.host);
      c(coordinator.port);
      c(coordinator.error_code);
      c(coordinator.error_message);
      c.tags();
    });
  }
  c.tags();
};

}  // namespace

void FindCoordinatorRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, find_coordinator_request_fields);
}

Result<FindCoordinatorRequest> FindCoordinatorRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<FindCoordinatorRequest>(in, "request", version, find_coordinator_request_fields);
}

void FindCoordinatorResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, find_coordinator_response_fields);
}

Result<FindCoordinatorResponse> FindCoordinatorResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<FindCoordinatorResponse>(in, "response", version, find_coordinator_response_fields);
}

}  // namespace sendscope::wire
