#include "core/producer/effective_config.h"

#include <algorithm>
#include <variant>

#include "core/producer/config_secrets.h"
#include "core/producer/config_table.h"

namespace sendscope {

std::vector<EffectiveValue> effective_config(const ProducerConfig& config) {
  std::vector<EffectiveValue> values;
  for (const detail::ConfigRow& row : detail::config_rows()) {
    const auto given = config.given.find(row.name);
    const bool has_effect = !std::holds_alternative<std::monostate>(row.field);
    if (!has_effect && given == config.given.end()) continue;
    const std::string value =
        has_effect ? shown_config_value(row.name, detail::value_text(row, config)) : given->second;
    const ConfigSource source = config.derived.contains(row.name) ? ConfigSource::kDerived
                                : given != config.given.end()     ? ConfigSource::kGiven
                                                                  : ConfigSource::kDefault;
    values.push_back({std::string(row.name), value, source});
  }
  for (const auto& [key, value] : config.given) {
    if (detail::find_config_row(key) == nullptr) values.push_back({key, value, ConfigSource::kGiven});
  }
  std::stable_partition(values.begin(), values.end(),
                        [](const EffectiveValue& value) { return value.source != ConfigSource::kDefault; });
  return values;
}

void announce_config(const ProducerConfig& config, EventSink& sink, std::uint16_t producer, Nanos now) {
  if (!sink.wants(EventKind::config_set)) return;
  const std::vector<EffectiveValue> values = effective_config(config);
  const auto defaults =
      static_cast<std::uint32_t>(std::count_if(values.begin(), values.end(), [](const EffectiveValue& value) {
        return value.source == ConfigSource::kDefault;
      }));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i + defaults == values.size()) {
      sink.emit({.t = now,
                 .kind = EventKind::config_defaults,
                 .actor = producer,
                 .a = defaults,
                 .b = sink.intern(config.profile->name)});
    }
    sink.emit({.t = now,
               .kind = EventKind::config_set,
               .actor = producer,
               .place = static_cast<std::uint32_t>(values[i].source),
               .a = sink.intern(values[i].key),
               .b = sink.intern(values[i].value)});
  }
}

}  // namespace sendscope
