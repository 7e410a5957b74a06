// What the inspector says of a producer: its metrics as they stand at the cursor, and its configuration.
#include <cmath>

#include "core/event/narration.h"
#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/settings.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

// With one decimal where there is one.
std::string figure(double value, const char* unit = "") {
  if (std::isnan(value)) return said(Text::none_yet);
  const auto tenths = static_cast<std::int64_t>(std::llround(value * 10));
  std::string text = count_text(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text + unit;
}

// Whether the averages and rates of the model are those of the producer.
bool has_windows_of_model(const Frame& frame, std::size_t producer) {
  const auto is = [&](std::string_view key, std::int64_t value) {
    return config_number(frame.model(), frame.in.words(), producer, key).value_or(value) == value;
  };
  return is("metrics.num.samples", kMetricsWindows.samples) &&
         is("metrics.sample.window.ms", kMetricsWindows.window_ms);
}

std::size_t requests_in_flight(const ProducerModel& producer) {
  std::size_t all = 0;
  for (const auto& [node, link] : producer.links) all += link.in_flight_requests.size();
  return all;
}

void config_facts(const Frame& frame, const ProducerModel& producer, ConfigSource source, SubjectFacts& out) {
  const Paint ink = source == ConfigSource::kDefault ? kSecondary : kText;
  for (const ConfigEntry& entry : producer.config) {
    if (entry.source != source) continue;
    out.facts.push_back({std::string(frame.in.words().view(entry.key)),
                         std::string(frame.in.words().view(entry.value)),
                         std::string(enum_words(Unit::kConfigSource, static_cast<std::uint64_t>(source))),
                         ink,
                         {}});
  }
}

void heading_fact(Text title, SubjectFacts& out) {
  Fact head{said(title), "", "", kSecondary, {}};
  head.heading = true;
  out.facts.push_back(std::move(head));
}

// The entries of one source, under a heading where there are any.
void config_section(const Frame& frame, const ProducerModel& producer, ConfigSource source, Text title,
                    SubjectFacts& out) {
  heading_fact(title, out);
  const std::size_t before = out.facts.size();
  config_facts(frame, producer, source, out);
  if (out.facts.size() == before) out.facts.pop_back();
}

void metrics_facts(const Frame& frame, const ProducerModel& producer, std::size_t index, SubjectFacts& out) {
  MetricsModel metrics = producer.metrics;  // looking tidies up
  const Millis now_ms = to_millis(frame.now());
  const bool usual = has_windows_of_model(frame, index);
  const auto add = [&](std::string name, std::string value, std::string config = {}) {
    out.facts.push_back({std::move(name), std::move(value), std::move(config), kText, {}});
  };
  const auto average = [&](const std::string& name, AverageAndMaximum& values, const char* unit,
                           const char* config) {
    if (!usual) return;
    add(name + "-avg", figure(values.average(now_ms), unit), config);
    add(name + "-max", figure(values.maximum(now_ms), unit), config);
  };
  const auto meter = [&](const std::string& name, Meter& values) {
    if (usual) add(name + "-rate", figure(values.rate(now_ms), " /s"), "metrics.sample.window.ms");
    add(name + "-total", figure(values.total()));
  };
  meter("record-send", metrics.sent);
  add("record-retry-total", figure(metrics.retried.total()), "retries");
  meter("record-error", metrics.failed);
  add("requests-in-flight", std::to_string(requests_in_flight(producer)),
      "max.in.flight.requests.per.connection");
  average("batch-size", metrics.batch_size, " B", "batch.size");
  average("record-queue-time", metrics.queue_time, " ms", "linger.ms");
  average("request-latency", metrics.request_latency, " ms", "request.timeout.ms");
  average("request-size", metrics.request_size, " B", "max.request.size");
  meter("request", metrics.requests);
  meter("outgoing-byte", metrics.outgoing_bytes);
  meter("incoming-byte", metrics.incoming_bytes);
}

}  // namespace

// What a person chose, what came of it, and the rest.
void producer_facts(const Frame& frame, std::size_t index, SubjectFacts& out) {
  const ProducerModel* producer = frame.model().producer(index);
  if (producer == nullptr) return;
  out.title = std::string(frame.in.words().view(producer->client_id));
  out.of = said(Text::producer);
  const auto& names = frame.in.facts.producers;
  const std::string owner = index < names.size() ? names[index] : "";
  if (frame.in.facts.settings.empty() || owner.empty()) {
    config_section(frame, *producer, ConfigSource::kGiven, Text::heading_config_given, out);
  } else {
    heading_fact(Text::heading_config_given, out);
    setting_facts(frame, owner, out);
  }
  heading_fact(Text::heading_metrics, out);
  metrics_facts(frame, *producer, index, out);
  config_section(frame, *producer, ConfigSource::kDerived, Text::heading_config_derived, out);
  config_section(frame, *producer, ConfigSource::kDefault, Text::heading_config_default, out);
}

}  // namespace sendscope::ui
