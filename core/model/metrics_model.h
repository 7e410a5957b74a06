// The metrics of a producer that its events tell, taken with the producer's own formulas: at the end of a run
// they are what the producer itself reports under Kafka's names. (Sizes of records, compression, polls and
// what blocks no record are told by no event.)
//
// Events name keys by their texts, which a fold does not read: windows are those of kMetricsWindows. Totals
// hold for every producer, averages and rates for one with these windows.
#pragma once

#include "core/base/statistics.h"
#include "core/event/event.h"

namespace sendscope {

struct BatchModel;
struct RequestModel;

// Kafka's defaults of metrics.num.samples and metrics.sample.window.ms.
inline constexpr StatisticsSettings kMetricsWindows{2, 30'000};

struct MetricsModel {
  AverageAndMaximum batch_size{kMetricsWindows}, queue_time{kMetricsWindows};
  AverageAndMaximum request_latency{kMetricsWindows}, request_size{kMetricsWindows};
  Meter sent{kMetricsWindows}, retried{kMetricsWindows};
  Meter failed{kMetricsWindows};
  Meter requests{kMetricsWindows}, responses{kMetricsWindows};
  Meter outgoing_bytes{kMetricsWindows}, incoming_bytes{kMetricsWindows};

  void drained(const BatchModel& batch);
  void retry(const BatchModel& batch, Nanos t);
  // A batch came to its end with an error; a send() failed, and not by a mistake of the program's.
  void failed_records(std::uint32_t records, Nanos t);
  void failed_send(std::int16_t error, Nanos t);
  void sent_request(std::uint32_t bytes, Nanos t);
  // `bytes` is 0 when no response was expected.
  void answered(const RequestModel& request, std::uint32_t bytes, Nanos t);
  bool operator==(const MetricsModel&) const = default;
};

}  // namespace sendscope
