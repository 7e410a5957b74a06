#include "ui/terminal/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <fstream>
#include <iostream>

#include "core/base/units.h"
#include "core/event/trace_file.h"
#include "core/producer/profile.h"

namespace sendscope::ui {

namespace {

void checked(CLI::Option& option, CommandLine::Check check) {
  if (check != nullptr) option.check([check](const std::string& text) { return check(text); });
}

}  // namespace

CommandLine::CommandLine(const std::string& name, const std::string& purpose)
    : app_(std::make_unique<CLI::App>(purpose, name)) {}
CommandLine::~CommandLine() = default;

void CommandLine::required(const char* name, std::string& out, const std::string& help) {
  app_->add_option(name, out, help)->required();
}

void CommandLine::required(const char* name, std::vector<std::string>& out, const std::string& help) {
  app_->add_option(name, out, help)->required();
}

void CommandLine::option(const char* name, std::string& out, const std::string& help, Check check) {
  checked(*app_->add_option(name, out, help), check);
}

void CommandLine::option(const char* name, std::vector<std::string>& out, const std::string& help,
                         Check check) {
  checked(*app_->add_option(name, out, help)->allow_extra_args(false), check);
}

void CommandLine::option(const char* name, std::optional<std::uint64_t>& out, const std::string& help) {
  app_->add_option(name, out, help)->check(check_count);
}

void CommandLine::option(const char* name, std::uint64_t& out, const std::string& help) {
  app_->add_option(name, out, help)->check(check_count);
}

void CommandLine::option(const char* name, std::uint32_t& out, const std::string& help, Check check) {
  checked(*app_->add_option(name, out, help), check);
}

void CommandLine::option(const char* name, std::int32_t& out, const std::string& help, Check check) {
  checked(*app_->add_option(name, out, help), check);
}

void CommandLine::option(const char* name, std::function<void(const std::string&)> take,
                         const std::string& help, Check check) {
  checked(*app_->add_option_function<std::string>(name, take, help), check);
}

void CommandLine::choice(const char* name, std::string& out, std::vector<std::string> choices,
                         const std::string& help) {
  app_->add_option(name, out, help)->check(CLI::IsMember(std::move(choices)));
}

void CommandLine::flag(const char* name, bool& out, const std::string& help) {
  app_->add_flag(name, out, help);
}

void CommandLine::needs(const char* one, const char* other) {
  app_->get_option(one)->needs(app_->get_option(other));
}

void CommandLine::exactly_one_of(const char* one, const char* other) {
  CLI::Option* const first = app_->get_option(one);
  CLI::Option* const second = app_->get_option(other);
  CLI::Option_group* const group = app_->add_option_group("moment");
  group->add_options(first, second);
  group->require_option(1);
}

std::optional<int> CommandLine::parse(Arguments arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app_->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    std::cout << app_->help();
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    return fail(kExitBadInput,
                app_->get_name() + ": " + error.what() + " (see sendscope help " + app_->get_name() + ")");
  }
  return std::nullopt;
}

void tell(const std::string& message) {
  constexpr const char* kClearLine = "\r\033[K";
  std::cerr << (isatty(STDERR_FILENO) != 0 ? kClearLine : "") << "sendscope: " + message + '\n' << std::flush;
}

int fail(int exit_code, const std::string& message) {
  std::cout.flush();
  tell(message);
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

std::optional<run::ScenarioFile> open_scenario_or_tell(const std::string& path) {
  run::ScenarioFileLoad load = run::open_scenario(path);
  if (!load.file) {
    fail(load.problems);
    return std::nullopt;
  }
  for (const sim::Problem& warning : load.file->warnings)
    std::cerr << "warning: " << to_string(warning) << '\n';
  return std::move(load.file);
}

std::string check_count(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return {};
  return "found \"" + text + "\"; expected a whole number, 0 or more" +
         (error == std::errc::result_out_of_range ? ", of 64 bits" : "");
}

std::string check_duration(const std::string& text) {
  const auto parsed = parse_duration(std::string_view(text));
  return parsed ? "" : parsed.error().message;
}

Nanos duration_of(const std::string& text) { return parse_duration(std::string_view(text)).value(); }

std::string check_profile(const std::string& text) {
  if (find_profile(text) != nullptr) return {};
  return "'" + text + "' is no generation of Kafka's client; expected " + profile_names();
}

}  // namespace sendscope::ui
