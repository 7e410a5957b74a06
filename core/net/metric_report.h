// What a producer's metrics say at one moment: Kafka's names, groups and tags, and a value each.
//
// Plain data for one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/statistics.h"

namespace sendscope {

using MetricTags = std::vector<std::pair<std::string, std::string>>;

struct MetricValue {
  std::string group;  // "producer-metrics"
  MetricTags tags;    // {{"client-id", "producer-1"}, {"topic", "orders"}}
  std::string name;   // "record-send-rate"
  std::string description;
  std::variant<double, std::string> value;  // NaN: there is nothing to take it from
};

// Gathers them; what is looked at is tidied up (see statistics.h).
class MetricReport {
 public:
  explicit MetricReport(Millis now_ms) : now_ms_(now_ms) {}
  Millis now_ms() const { return now_ms_; }

  // What is added from here on belongs to this group.
  void in_group(std::string_view group, MetricTags tags);
  void add(std::string_view name, std::string_view what, double value);
  void add(std::string_view name, std::string_view what, std::string value);
  // What was added as `name`, once more under an older name.
  // REQUIRES: it was added
  void repeat(std::string_view name, std::string_view older);
  // NAME-avg and NAME-max.
  void average_and_maximum(std::string_view name, std::string_view what, AverageAndMaximum& values);
  // NAME-rate and NAME-total.
  void rate_and_total(std::string_view name, std::string_view what, Meter& meter);
  // NAME-ratio and NAME-time-ns-total.
  void share_of_time(std::string_view name, std::string_view what, Meter& nanos);

  std::size_t size() const { return metrics_.size(); }
  // All of it, by group, tags and name.
  std::vector<MetricValue> take();

 private:
  const Millis now_ms_;
  std::string group_;
  MetricTags tags_;
  std::vector<MetricValue> metrics_;
};

// "12345", "2.500", "NaN", or the text.
std::string to_string(const std::variant<double, std::string>& value);
// Aligned columns, one metric a line: group, tags, name, value.
std::string format_table(const std::vector<MetricValue>& metrics);

}  // namespace sendscope
