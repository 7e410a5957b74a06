#include "ui/app/arguments.h"

#include <fstream>
#include <iostream>

#include "core/base/units.h"
#include "core/event/trace_file.h"

namespace sendscope::ui {

std::optional<int> parse_arguments(CLI::App& app, Arguments arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    return fail(kExitBadInput,
                app.get_name() + ": " + error.what() + " (see sendscope help " + app.get_name() + ")");
  }
  return std::nullopt;
}

int fail(int exit_code, const std::string& message) {
  std::cout.flush();
  std::cerr << "sendscope: " << message << '\n';
  return exit_code;
}

int fail(const std::vector<sim::Problem>& problems) {
  std::cout.flush();
  std::cerr << sim::to_string(problems);
  return kExitBadInput;
}

int fail(const Error& error) {
  const bool input = error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kConfig;
  return fail(input ? kExitBadInput : kExitFailed, error.message);
}

std::optional<ScenarioFile> open_scenario_or_tell(const std::string& path) {
  ScenarioFileLoad load = open_scenario(path);
  if (!load.file) {
    fail(load.problems);
    return std::nullopt;
  }
  for (const sim::Problem& warning : load.file->warnings)
    std::cerr << "warning: " << to_string(warning) << '\n';
  return std::move(load.file);
}

bool is_trace_file(const std::string& path) {
  constexpr std::string_view kMagic = "SSTRACE";
  std::ifstream in(path, std::ios::binary);
  std::string begin(kMagic.size(), '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return in && begin == kMagic;
}

std::string check_duration(const std::string& text) {
  const auto parsed = parse_duration(std::string_view(text));
  return parsed ? "" : parsed.error().message;
}

Nanos duration_of(const std::string& text) { return parse_duration(std::string_view(text)).value(); }

bool output_failed() {
  std::cout.flush();
  return !std::cout;
}

}  // namespace sendscope::ui
