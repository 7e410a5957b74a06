#include "ui/window/settings.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/base/output_path.h"
#include "core/base/user_folder.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kMostSteps = 1'000;
constexpr double kMostSpeed = 100;

// The value at a key, when it is a number in the range.
std::optional<double> number(const Json& object, const char* key, double least, double most) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double value = found->get<double>();
  return value >= least && value <= most ? std::optional(value) : std::nullopt;
}

// Which of two words stands at a key: 0, 1.
std::optional<int> word(const Json& object, const char* key, const char* first, const char* second) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  const std::string text = found->get<std::string>();
  return text == first ? std::optional(0) : text == second ? std::optional(1) : std::nullopt;
}

}  // namespace

struct Settings::Document {
  Json root = Json::object();

  // Of a scenario; an empty object: nothing is known.
  Json of(const std::string& scenario) const {
    const auto all = root.find("scenarios");
    if (all == root.end() || !all->is_object()) return Json::object();
    const auto one = all->find(scenario);
    return one == all->end() || !one->is_object() ? Json::object() : *one;
  }
  void put(const std::string& scenario, const char* key, Json value) {
    Json one = of(scenario);
    one[key] = std::move(value);
    if (!root["scenarios"].is_object()) root["scenarios"] = Json::object();
    root["scenarios"][scenario] = std::move(one);
  }
};

std::string settings_path() {
  const std::string folder = user_folder("XDG_CONFIG_HOME", ".config");
  return folder.empty() ? "" : folder + "/settings.json";
}

Settings::Settings(const std::string& path) : path_(path), document_(std::make_unique<Document>()) {
  if (!path.empty()) read();
}

Settings::~Settings() = default;

void Settings::complain(const std::string& what) { trouble_ += (trouble_.empty() ? "" : " ") + what; }

void Settings::read() {
  std::ifstream in(path_, std::ios::binary);
  if (!in) return;
  const std::string text(std::istreambuf_iterator<char>(in), {});
  Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return set_aside();
  document_->root = std::move(root);
  const Json& all = document_->root;
  const auto must = [&](const char* key, bool good, std::string_view expected) {
    if (all.contains(key) && !good) complain(say(Text::setting_wrong, path_, key, expected));
  };
  must("theme", word(all, "theme", "dark", "light").has_value(), "\"dark\", \"light\"");
  must("axis", word(all, "axis", "compressed", "linear").has_value(), "\"compressed\", \"linear\"");
  must("scale", number(all, "scale", kScales.front(), kScales.back()).has_value(),
       std::to_string(kScales.front()) + " \xe2\x80\xa6 " + std::to_string(kScales.back()));
  must("scenarios", all.contains("scenarios") && all["scenarios"].is_object(), "{ }");
}

// Under a name that is free, so that nothing is lost.
void Settings::set_aside() {
  std::error_code error;
  std::string aside = path_ + ".damaged";
  for (int number = 2; fs::exists(aside, error); ++number)
    aside = path_ + ".damaged-" + std::to_string(number);
  fs::rename(path_, aside, error);
  if (!error) return complain(say(Text::settings_damaged, path_, aside));
  complain(say(Text::settings_unusable, path_));
  path_.clear();  // what cannot be put aside is not written over
}

void Settings::apply(View& view) const {
  const Json& all = document_->root;
  if (const auto theme = word(all, "theme", "dark", "light")) view.light = *theme == 1;
  if (const auto axis = word(all, "axis", "compressed", "linear"))
    view.axis = *axis == 1 ? AxisMode::kLinear : AxisMode::kCompressed;
  if (const auto scale = number(all, "scale", kScales.front(), kScales.back()))
    view.scale_percent = static_cast<int>(*scale);
}

std::optional<double> Settings::speed(const std::string& scenario) const {
  return number(document_->of(scenario), "speed", 0, kMostSpeed);
}

std::optional<int> Settings::step(const std::string& scenario) const {
  const auto step = number(document_->of(scenario), "step", 0, kMostSteps);
  return step ? std::optional(static_cast<int>(*step)) : std::nullopt;
}

void Settings::note(const View& before, const View& now, const std::string& scenario) {
  const auto differ = [&](const auto& a, const auto& b) {
    changed_ = changed_ || a != b;
    return a != b;
  };
  Json& all = document_->root;
  if (differ(before.light, now.light)) all["theme"] = now.light ? "light" : "dark";
  if (differ(before.scale_percent, now.scale_percent)) all["scale"] = now.scale_percent;
  if (differ(before.axis, now.axis)) all["axis"] = now.axis == AxisMode::kLinear ? "linear" : "compressed";
  if (differ(before.speed, now.speed)) document_->put(scenario, "speed", now.speed);
}

void Settings::note_step(const std::string& scenario, int reached) {
  if (reached < 0 || reached <= step(scenario).value_or(-1)) return;
  document_->put(scenario, "step", reached);
  changed_ = true;
}

Result<void> Settings::save() {
  if (!changed_ || path_.empty()) return {};
  changed_ = false;
  std::error_code error;
  fs::create_directories(fs::path(path_).parent_path(), error);
  const OutputPath output(path_, ".new");
  const std::string text = document_->root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  std::FILE* file = std::fopen(output.staging_path().c_str(), "w");
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) written = std::fclose(file) == 0 && written;
  if (written && output.publish()) return {};
  const std::string why = std::strerror(errno);
  if (file != nullptr) output.discard();
  return Error(ErrorCode::kIo, say(Text::settings_not_written, path_, why));
}

}  // namespace sendscope::ui
