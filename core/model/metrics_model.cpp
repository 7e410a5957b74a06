#include "core/model/metrics_model.h"

#include "core/base/error.h"
#include "core/model/batch_model.h"
#include "core/model/request_model.h"

namespace sendscope {

namespace {
constexpr std::uint16_t kProduceApi = 0;
}

void MetricsModel::drained(const BatchModel& batch) {
  const Millis now_ms = to_millis(batch.drained);
  batch_size.record(batch.bytes, now_ms);
  queue_time.record(static_cast<double>(now_ms - to_millis(batch.created)), now_ms);
  sent.record(batch.record_count, now_ms);
}

void MetricsModel::retry(const BatchModel& batch, Nanos t) {
  retried.record(batch.record_count, to_millis(t));
}

void MetricsModel::failed_records(std::uint32_t records, Nanos t) { failed.record(records, to_millis(t)); }

void MetricsModel::failed_send(std::int16_t error, Nanos t) {
  const ErrorRow& row = error_row(static_cast<ErrorCode>(error));
  if ((row.families & kRuntime) == 0) failed_records(1, t);
}

void MetricsModel::sent_request(std::uint32_t bytes, Nanos t) {
  const Millis now_ms = to_millis(t);
  requests.record(1, now_ms);
  request_size.record(bytes, now_ms);
  outgoing_bytes.record(bytes, now_ms);
}

void MetricsModel::answered(const RequestModel& request, std::uint32_t bytes, Nanos t) {
  if (bytes == 0) return;
  const Millis now_ms = to_millis(t);
  responses.record(1, now_ms);
  incoming_bytes.record(bytes, now_ms);
  if (request.api == kProduceApi)
    request_latency.record(static_cast<double>(now_ms - to_millis(request.sent)), now_ms);
}

}  // namespace sendscope
