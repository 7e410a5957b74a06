#include "core/wire/find_coordinator.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int version) {
  if (version <= 3) c(m.key);
  if (version >= 1) c(m.key_type);
  if (version >= 4) c(m.coordinator_keys);
  c.tags();
}

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

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int version) {
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
}

}  // namespace

void FindCoordinatorRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<FindCoordinatorRequest> FindCoordinatorRequest::decode(ByteReader& in, std::int16_t version) {
  FindCoordinatorRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void FindCoordinatorResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<FindCoordinatorResponse> FindCoordinatorResponse::decode(ByteReader& in, std::int16_t version) {
  FindCoordinatorResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
