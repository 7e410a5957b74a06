#include "ui/layout/settings.h"

#include <algorithm>

#include "core/model/queries.h"
#include "core/producer/config_secrets.h"
#include "sim/scenario_settings.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

Action ask(std::size_t setting) { return act(Verb::kSetting, static_cast<std::int64_t>(setting)); }

Action set(std::size_t setting, const std::string& value) {
  Action action = act(Verb::kSettingSet, static_cast<std::int64_t>(setting));
  action.text = value;
  return action;
}

Action set_from_now(std::size_t setting, const std::string& value) {
  Action action = set(setting, value);
  action.verb = Verb::kSettingFromNow;
  return action;
}

// What the run tells of a key: of a producer's its value, the default included; of a topic's or the brokers'
// what it was set to meanwhile.
std::string told_value(const FrameInput& input, const SettingText& setting) {
  const auto& names = input.facts.producers;
  const auto owner = std::find(names.begin(), names.end(), setting.owner);
  if (owner != names.end()) {
    const auto index = static_cast<std::size_t>(owner - names.begin());
    return std::string(config_text(input.model, input.words(), index, setting.name));
  }
  const std::string_view topic = sim::topic_of_owner(setting.owner);
  if (topic.empty() && setting.owner != sim::kBrokersOwner) return "";
  return std::string(set_text(input.model, input.words(), topic, setting.name));
}

}  // namespace

std::string setting_words(const SettingText& setting) { return setting.owner + " " + setting.name; }

std::string setting_value(const FrameInput& input, const SettingText& setting) {
  const std::string told = told_value(input, setting);
  if (setting.at_run_time && !told.empty()) return shown_config_value(setting.name, told);
  if (setting.edited) return shown_config_value(setting.name, *setting.edited);
  if (!setting.written.empty()) return shown_config_value(setting.name, setting.written);
  if (setting.name == "profile") return input.facts.profile;
  return told.empty() ? said(Text::setting_default) : told;
}

std::string setting_question(const FrameInput& input, const SettingText& setting) {
  return say(setting.at_run_time ? Text::setting_now : Text::setting_now_once, setting_words(setting),
             setting_value(input, setting));
}

void add_settings(const FrameInput& input, std::vector<PaletteEntry>& all) {
  if (!input.facts.can_submit) return;
  const std::string& typed = input.view.palette_text;
  const bool of_owner = typed.find(' ') != std::string::npos;  // its name alone means the owner itself
  for (std::size_t i = 0; i < input.facts.settings.size(); ++i) {
    const SettingText& setting = input.facts.settings[i];
    if (!of_owner && setting.name.find(typed) == std::string::npos) continue;
    all.push_back({setting_words(setting), setting_value(input, setting), ask(i)});
  }
}

std::vector<PaletteEntry> setting_choices(const FrameInput& input) {
  const std::size_t index = *input.view.setting;
  const SettingText& setting = input.facts.settings[index];
  const std::string& typed = input.view.palette_text;
  std::vector<PaletteEntry> choices;
  const auto offer = [&](const std::string& value) {
    const std::string label = say(Text::setting_to, setting.name, value);
    if (setting.from_start) choices.push_back({label, said(Text::from_start), set(index, value)});
    if (setting.at_run_time)
      choices.push_back(
          {label, say(Text::from_time_on, format_time(input.cursor.t)), set_from_now(index, value)});
  };
  if (!typed.empty()) offer(typed);
  for (const std::string& preset : setting.presets) {
    if (preset.find(typed) == 0 && preset != typed) offer(preset);
  }
  if (setting.edited && typed.empty()) {
    choices.push_back({said(Text::setting_back),
                       setting.written.empty() ? said(Text::setting_default) : setting.written,
                       act(Verb::kSettingReset, static_cast<std::int64_t>(index))});
  }
  return choices;
}

namespace {

// The settings that lessons turn most: each is offered with its presets, whoever gave it.
bool has_choices(const SettingText& setting) {
  constexpr std::string_view kNames[] = {"linger.ms", "acks", "enable.idempotence", "profile"};
  return std::find(std::begin(kNames), std::end(kNames), setting.name) != std::end(kNames);
}

// "3.9" of "kafka-3.9".
std::string choice_label(const std::string& preset) {
  constexpr std::string_view kKafka = "kafka-";
  return preset.starts_with(kKafka) ? preset.substr(kKafka.size()) : preset;
}

// Who says its value: of a producer's key as the run tells it, of all else that stands here the scenario.
ConfigSource source_of(const FrameInput& input, const SettingText& setting) {
  const auto& names = input.facts.producers;
  const auto owner = std::find(names.begin(), names.end(), setting.owner);
  if (owner == names.end()) return ConfigSource::kGiven;
  const ConfigEntry* told =
      find_config(input.model, input.words(), static_cast<std::size_t>(owner - names.begin()), setting.name);
  return told == nullptr ? ConfigSource::kGiven : told->source;
}

Fact setting_fact(const FrameInput& input, std::size_t index) {
  const SettingText& setting = input.facts.settings[index];
  const auto source = static_cast<std::uint64_t>(source_of(input, setting));
  Fact fact{setting.name,
            setting_value(input, setting),
            std::string(enum_words(Unit::kConfigSource, source)),
            setting.edited ? Paint{Tone::kAccent} : kText,
            {}};
  fact.click = ask(index);
  return fact;
}

void add_choices(const FrameInput& input, std::size_t index, Fact& fact) {
  const SettingText& setting = input.facts.settings[index];
  for (const std::string& preset : setting.presets) {
    fact.choices.push_back({choice_label(preset),
                            say(Text::setting_choice_tip, setting_words(setting), preset), set(index, preset),
                            preset == fact.value});
  }
}

Fact all_settings_fact(std::string name, const std::string& owner) {
  Fact all{std::move(name), "\xe2\x80\xa6", "", kText, {}};
  all.click = act(Verb::kSearch);
  all.click.text = owner + " ";
  return all;
}

}  // namespace

void setting_facts(const Frame& frame, const std::string& owner, SubjectFacts& out) {
  const FrameInput& in = frame.in;
  if (!in.facts.can_submit) return;
  const auto& names = in.facts.producers;
  const bool is_producer = std::find(names.begin(), names.end(), owner) != names.end();
  std::vector<Fact> given;
  for (std::size_t i = 0; i < in.facts.settings.size(); ++i) {
    const SettingText& setting = in.facts.settings[i];
    if (setting.owner != owner) continue;
    const bool of_producer = is_producer && has_choices(setting);
    const bool told = setting.at_run_time && !told_value(in, setting).empty();
    const bool said_here = told || !setting.written.empty() || setting.edited;
    if (!of_producer && !(said_here && (setting.at_run_time || setting.edited || is_producer))) continue;
    Fact fact = setting_fact(in, i);
    if (of_producer) add_choices(in, i, fact);
    (of_producer ? out.facts : given).push_back(std::move(fact));
  }
  out.facts.insert(out.facts.end(), given.begin(), given.end());
  out.facts.push_back(all_settings_fact(said(Text::setting_all), owner));
}

void broker_setting_facts(const Frame& frame, NodeId node, SubjectFacts& out) {
  if (!frame.in.facts.can_submit || node < 0) return;
  setting_facts(frame, sim::owner_of_node(std::to_string(node)), out);
  out.facts.push_back(all_settings_fact(said(Text::settings_of_brokers), std::string(sim::kBrokersOwner)));
}

float draw_setting_chips(const Frame& frame, float x, float limit, Rect row) {
  for (std::size_t i = 0; i < frame.in.facts.settings.size(); ++i) {
    const SettingText& setting = frame.in.facts.settings[i];
    if (!setting.edited) continue;
    const std::string words = setting_words(setting) + " " + setting_value(frame.in, setting);
    if (x + pill_width(frame, words) > limit) break;
    const Rect box = pill(frame, x, row, words, {Tone::kWaiting}, false, Tone::kWaiting);
    const std::string before = setting.written.empty() ? said(Text::setting_default) : setting.written;
    frame.scene().hit(box, {}, "setting.chip", say(Text::setting_chip_tip, setting_words(setting), before),
                      ask(i));
    x = box.right() + 6;
  }
  return x;
}

}  // namespace sendscope::ui
