// The metrics of a producer that its events tell, taken with the producer's own formulas: at the end of a run
// they are what the producer itself reports under Kafka's names. (Sizes of records, compression, polls and
// what blocks no record are told by no event.)
//
// Windows are Kafka's defaults, two of 30 s: whoever configures others gets totals from here, not rates.
#pragma once

#include "core/base/statistics.h"
#include "core/event/event.h"

namespace sendscope {

struct BatchModel;
struct RequestModel;

struct MetricsModel {
  AverageAndMaximum batch_size{StatisticsSettings{}}, queue_time{StatisticsSettings{}};
  AverageAndMaximum request_latency{StatisticsSettings{}}, request_size{StatisticsSettings{}};
  Meter sent{StatisticsSettings{}}, retried{StatisticsSettings{}};
  Meter failed{StatisticsSettings{}};
  Meter requests{StatisticsSettings{}}, responses{StatisticsSettings{}};
  Meter outgoing_bytes{StatisticsSettings{}}, incoming_bytes{StatisticsSettings{}};

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
