// For a command that speaks to CLI11 itself.
#pragma once

#include <CLI/CLI.hpp>

#include "ui/terminal/command_line.h"

namespace sendscope::ui {

// As CommandLine::parse.
std::optional<int> parse_arguments(CLI::App& app, Arguments arguments);

}  // namespace sendscope::ui
