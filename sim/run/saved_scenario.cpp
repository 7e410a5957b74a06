#include "sim/run/saved_scenario.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "core/base/user_folder.h"
#include "sim/scenario_text.h"
#include "sim/scenario_writer.h"

namespace sendscope::run {
namespace {

namespace fs = std::filesystem;

// That the action names; empty: none.
std::string topic_of(const sim::FaultAction& action) {
  if (const auto* on = sim::part_of<sim::OnTopic>(action)) return on->topic;
  if (const auto* on = sim::part_of<sim::OnPartition>(action)) return on->partition.topic;
  if (const auto* set = sim::part_of<sim::Set>(action)) return set->topic;
  const auto* filter = sim::part_of<sim::PartitionFilter>(action);
  return filter != nullptr && filter->partition ? filter->partition->topic : "";
}

// A scenario says so when it speaks of a topic that is not there from the start.
bool comes_later(const std::string& topic, const sim::Scenario& scenario) {
  const auto& topics = scenario.cluster.topics;
  return !topic.empty() && std::none_of(topics.begin(), topics.end(),
                                        [&](const sim::TopicSpec& spec) { return spec.name == topic; });
}

fs::path folder_of(const ScenarioFile& file) {
  std::error_code error;
  return fs::absolute(file.path, error).parent_path();
}

bool is_shipped(const ScenarioFile& file) {
  std::error_code error;
  return fs::equivalent(folder_of(file), find_shipped("scenarios"), error);
}

// "backpressure" of "backpressure-3.json".
std::string name_without_number(const fs::path& scenario) {
  std::string name = scenario.stem().string();
  const std::size_t last = name.find_last_not_of("0123456789");
  if (last != std::string::npos && last > 0 && last + 1 < name.size() && name[last] == '-') name.resize(last);
  return name;
}

// The first path that neither a scenario nor a lesson has.
fs::path free_path(const fs::path& folder, const std::string& name) {
  std::error_code error;
  for (int number = 2;; ++number) {
    fs::path path = folder / (name + "-" + std::to_string(number) + ".json");
    fs::path lesson = path;
    if (!fs::exists(path, error) && !fs::exists(lesson.replace_extension(".md"), error)) return path;
  }
}

Error cannot_write(const fs::path& path, int reason) {
  return {ErrorCode::kIo, path.string() + ": cannot be written: " + std::strerror(reason)};
}

// A new file; one that exists is not touched.
Result<void> write_new(const fs::path& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wx");
  if (file == nullptr) return cannot_write(path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) == 0 && written) return {};
  const Error error = cannot_write(path, errno);
  std::remove(path.c_str());
  return error;
}

// In a folder of its own kind the lesson goes with it, under its name.
Result<std::string> save_in(const fs::path& folder, const ScenarioFile& file, std::string text) {
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path from = folder_of(file);
  const fs::path path = free_path(folder, name_without_number(file.path));
  if (!file.scenario.lesson.empty() && !fs::equivalent(folder, from, error)) {
    const fs::path lesson = fs::path(path).replace_extension(".md");
    auto named = sim::with_value(text, {"lesson"}, sim::json_string(lesson.filename().string()));
    if (!named) return named.error();
    text = std::move(*named);
    fs::copy_file(from / file.scenario.lesson, lesson, error);
    if (error) return cannot_write(lesson, error.value());
  }
  const auto written = write_new(path, text);
  if (!written) return written.error();
  return path.string();
}

}  // namespace

std::string user_scenarios() { return user_folder("XDG_DATA_HOME", ".local/share"); }

std::vector<std::string> saved_scenarios() {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(user_scenarios(), error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::string> text_with_hand_work(const ScenarioFile& file, std::uint64_t seed, const HandWork& work) {
  Result<std::string> text = file.text;
  if (seed != file.scenario.seed) text = sim::with_value(*text, {"seed"}, std::to_string(seed));
  for (const Order& order : work.orders) {
    if (!order.dropped.empty()) continue;
    if (text && comes_later(topic_of(order.fault.action), file.scenario))
      text = sim::with_value(*text, {"cluster", "config", "auto.create.topics.enable"}, "true");
    if (text) text = sim::with_item(*text, {"faults"}, sim::fault_text(order.fault));
  }
  if (text) text = sim::without_secrets(*text);
  return text;
}

Result<std::string> save_scenario(const ScenarioFile& file, std::uint64_t seed, const HandWork& work) {
  const auto text = text_with_hand_work(file, seed, work);
  if (!text) return text.error();
  const sim::ScenarioLoad again = sim::load_scenario_text(*text, file.path);
  if (!again.loaded)
    return Error(ErrorCode::kInvalidInput, "what would be saved: " + sim::to_string(again.problems.front()));
  const std::string users = user_scenarios();
  if (!is_shipped(file)) {
    auto beside = save_in(folder_of(file), file, *text);
    if (beside || users.empty()) return beside;
  }
  if (users.empty()) return Error(ErrorCode::kIo, "neither XDG_DATA_HOME nor HOME names a folder to save in");
  return save_in(users, file, *text);
}

}  // namespace sendscope::run
