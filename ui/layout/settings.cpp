#include "ui/layout/settings.h"

#include <algorithm>

#include "core/model/queries.h"
#include "core/producer/config_secrets.h"
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

// What the run tells of a producer's key, its default included.
std::string told_value(const FrameInput& input, const SettingText& setting) {
  const auto& names = input.facts.producers;
  const auto owner = std::find(names.begin(), names.end(), setting.owner);
  if (owner == names.end()) return "";
  const auto index = static_cast<std::size_t>(owner - names.begin());
  return std::string(config_text(input.model, input.words(), index, setting.name));
}

}  // namespace

std::string setting_words(const SettingText& setting) { return setting.owner + " " + setting.name; }

std::string setting_value(const FrameInput& input, const SettingText& setting) {
  if (setting.edited) return shown_config_value(setting.name, *setting.edited);
  if (!setting.written.empty()) return shown_config_value(setting.name, setting.written);
  const std::string told = told_value(input, setting);
  return told.empty() ? said(Text::setting_default) : told;
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
  if (!typed.empty()) choices.push_back({say(Text::setting_to, setting.name, typed), "", set(index, typed)});
  for (const std::string& preset : setting.presets) {
    if (preset.find(typed) == 0 && preset != typed)
      choices.push_back({say(Text::setting_to, setting.name, preset), "", set(index, preset)});
  }
  if (setting.edited && typed.empty()) {
    choices.push_back({said(Text::setting_back),
                       setting.written.empty() ? said(Text::setting_default) : setting.written,
                       act(Verb::kSettingReset, static_cast<std::int64_t>(index))});
  }
  return choices;
}

void setting_facts(const Frame& frame, std::size_t producer, SubjectFacts& out) {
  const Facts& facts = frame.in.facts;
  if (!facts.can_submit || producer >= facts.producers.size()) return;
  const std::string& name = facts.producers[producer];
  for (std::size_t i = 0; i < facts.settings.size(); ++i) {
    const SettingText& setting = facts.settings[i];
    if (setting.owner != name || (setting.written.empty() && !setting.edited)) continue;
    Fact fact{setting.name,
              setting_value(frame.in, setting),
              std::string(enum_words(Unit::kConfigSource, static_cast<std::uint64_t>(ConfigSource::kGiven))),
              kText,
              {}};
    if (setting.edited) fact.ink = {Tone::kAccent};
    fact.click = ask(i);
    out.facts.push_back(std::move(fact));
  }
  Fact all{said(Text::setting_all), "\xe2\x80\xa6", "", kText, {}};
  all.click = act(Verb::kSearch);
  all.click.text = name + " ";
  out.facts.push_back(std::move(all));
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
