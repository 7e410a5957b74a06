#include "core/net/metric_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "core/base/check.h"

namespace sendscope {

namespace {

std::string joined(std::string_view first, std::string_view second) {
  std::string text(first);
  text += second;
  return text;
}

std::string tags_text(const MetricTags& tags) {
  std::string text;
  for (const auto& [key, value] : tags) text += (text.empty() ? "" : ",") + key + "=" + value;
  return text;
}

}  // namespace

void MetricReport::in_group(std::string_view group, MetricTags tags) {
  group_ = group;
  tags_ = std::move(tags);
}

void MetricReport::add(std::string_view name, std::string_view what, double value) {
  metrics_.push_back({group_, tags_, std::string(name), std::string(what), value});
}

void MetricReport::add(std::string_view name, std::string_view what, std::string value) {
  metrics_.push_back({group_, tags_, std::string(name), std::string(what), std::move(value)});
}

void MetricReport::repeat(std::string_view name, std::string_view older) {
  const auto found = std::find_if(metrics_.begin(), metrics_.end(),
                                  [name](const MetricValue& metric) { return metric.name == name; });
  SENDSCOPE_CHECK(found != metrics_.end());
  MetricValue copy = *found;
  copy.name = older;
  metrics_.push_back(std::move(copy));
}

void MetricReport::average_and_maximum(std::string_view name, std::string_view what,
                                       AverageAndMaximum& values) {
  add(joined(name, "-avg"), joined(what, ": average"), values.average(now_ms_));
  add(joined(name, "-max"), joined(what, ": maximum"), values.maximum(now_ms_));
}

void MetricReport::rate_and_total(std::string_view name, std::string_view what, Meter& meter) {
  add(joined(name, "-rate"), joined(what, " per second"), meter.rate(now_ms_));
  add(joined(name, "-total"), joined(what, " since the start"), meter.total());
}

void MetricReport::share_of_time(std::string_view name, std::string_view what, Meter& nanos) {
  add(joined(name, "-ratio"), joined(what, ": share of the time"), nanos.ratio(now_ms_));
  add(joined(name, "-time-ns-total"), joined(what, ": nanoseconds since the start"), nanos.total());
}

std::vector<MetricValue> MetricReport::take() {
  std::vector<MetricValue> all = std::move(metrics_);
  metrics_.clear();
  std::stable_sort(all.begin(), all.end(), [](const MetricValue& a, const MetricValue& b) {
    return std::tie(a.group, a.tags, a.name) < std::tie(b.group, b.tags, b.name);
  });
  return all;
}

std::string to_string(const std::variant<double, std::string>& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const double number = std::get<double>(value);
  if (std::isnan(number)) return "NaN";
  char text[64];
  // Whole numbers in full; others to three places, or six figures when they are small.
  const bool whole = std::floor(number) == number && std::fabs(number) < 1e15;
  const char* format = whole ? "%.0f" : std::fabs(number) >= 1 ? "%.3f" : "%.6g";
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string format_table(const std::vector<MetricValue>& metrics) {
  std::size_t widths[3] = {0, 0, 0};
  std::vector<std::vector<std::string>> rows;
  for (const MetricValue& metric : metrics) {
    rows.push_back({metric.group, tags_text(metric.tags), metric.name, to_string(metric.value)});
    for (std::size_t i = 0; i < 3; ++i) widths[i] = std::max(widths[i], rows.back()[i].size());
  }
  std::string text;
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t i = 0; i < 3; ++i) text += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    text += row[3] + '\n';
  }
  return text;
}

}  // namespace sendscope
