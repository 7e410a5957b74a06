#include "ui/window/scenario_menu.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/run/saved_scenario.h"
#include "sim/run/scenario_file.h"

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<MenuItem> menu_item(const fs::path& path) {
  const sim::ScenarioLoad load = sim::load_scenario_file(path.string());
  if (!load.loaded) return std::nullopt;
  const sim::Scenario& scenario = load.loaded->scenario;
  MenuItem item{scenario.title, scenario.summary, path.string()};
  if (scenario.lesson.empty()) return item;
  item.told = text_of(path.parent_path() / scenario.lesson);
  const run::LessonLoad lesson = run::load_lesson_text(item.told, scenario.lesson);
  item.steps = static_cast<int>(lesson.steps.size());
  item.told += load.loaded->text;
  return item;
}

}  // namespace

std::vector<std::string> order_of_lessons(const std::string& path) {
  std::vector<std::string> names;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') names.push_back(line);
  }
  return names;
}

std::vector<MenuItem> scenario_menu() {
  const fs::path folder = run::find_shipped("scenarios");
  std::vector<MenuItem> items;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".json") continue;
    if (auto item = menu_item(entry.path())) items.push_back(std::move(*item));
  }
  const std::vector<std::string> order = order_of_lessons((folder / "lessons.txt").string());
  const auto rank = [&](const MenuItem& item) {
    const auto place = std::find(order.begin(), order.end(), fs::path(item.path).stem().string());
    return std::pair(place - order.begin(), item.path);
  };
  std::sort(items.begin(), items.end(),
            [&](const MenuItem& a, const MenuItem& b) { return rank(a) < rank(b); });
  for (const std::string& path : run::saved_scenarios()) {
    auto item = menu_item(path);
    if (!item) continue;
    item->steps = 0;  // a copy is no lesson of its own
    items.push_back(std::move(*item));
  }
  return items;
}

}  // namespace sendscope::ui
