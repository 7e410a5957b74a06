// The menu of scenarios.
#pragma once

#include <string>
#include <vector>

#include "ui/layout/view.h"

namespace sendscope::ui {

// The scenarios that the program brings along, lessons in the order of scenarios/lessons.txt and before all
// others; behind them those that were saved.
std::vector<MenuItem> scenario_menu();

// The names in a file of an order: one a line, without what begins with #.
std::vector<std::string> order_of_lessons(const std::string& path);

}  // namespace sendscope::ui
