// What the subcommands share in reading their words and in telling what is wrong.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"
#include "sim/run/scenario_file.h"
#include "ui/terminal/commands.h"

namespace CLI {
class App;
}

namespace sendscope::ui {

// The words a command takes. CLI11 does the work; it takes long to compile, so it stays out of this header.
class CommandLine {
 public:
  // Empty when the text is right, else what was expected.
  using Check = std::string (*)(const std::string& text);

  CommandLine(const std::string& name, const std::string& purpose);
  ~CommandLine();

  void required(const char* name, std::string& out, const std::string& help);
  void required(const char* name, std::vector<std::string>& out, const std::string& help);
  void option(const char* name, std::string& out, const std::string& help, Check check = nullptr);
  // May be repeated, with one value each time.
  void option(const char* name, std::vector<std::string>& out, const std::string& help,
              Check check = nullptr);
  void option(const char* name, std::optional<std::uint64_t>& out, const std::string& help);
  void option(const char* name, std::uint64_t& out, const std::string& help);
  void option(const char* name, std::uint32_t& out, const std::string& help, Check check);
  void option(const char* name, std::int32_t& out, const std::string& help, Check check);
  // What the value means is found out once it is checked.
  void option(const char* name, std::function<void(const std::string&)> take, const std::string& help,
              Check check);
  void choice(const char* name, std::string& out, std::vector<std::string> choices, const std::string& help);
  void flag(const char* name, bool& out, const std::string& help);
  // One option makes sense only with another.
  void needs(const char* one, const char* other);
  // Exactly one of two options must be given.
  void exactly_one_of(const char* one, const char* other);

  // Fills what was bound. Nothing: go on. Otherwise the exit code: --help was asked for and is printed, or
  // the words are wrong and one message says how.
  std::optional<int> parse(Arguments arguments);

 private:
  std::unique_ptr<CLI::App> app_;
};

// Prints "sendscope: MESSAGE" to the standard error stream, over the progress line when one stands there.
void tell(const std::string& message);
// The same, and returns the code.
int fail(int exit_code, const std::string& message);
// Prints every problem on a line of its own to the standard error stream and returns kExitBadInput.
int fail(const std::vector<sim::Problem>& problems);
// Prints the error as fail(int, ...) does. Returns the code that fits it: what was asked is wrong (2), or
// could not be done (1).
int fail(const Error& error);

// Opens a scenario and prints its warnings; nothing when it has problems, which are printed.
std::optional<run::ScenarioFile> open_scenario_or_tell(const std::string& path);

// Checks of words, as CommandLine wants them: a whole number of 64 bits that is not negative; a duration such
// as "5ms".
std::string check_count(const std::string& text);
std::string check_duration(const std::string& text);
// REQUIRES: check_duration(text) is empty
Nanos duration_of(const std::string& text);

// A check for generations of Kafka's client, such as "kafka-3.9".
std::string check_profile(const std::string& text);

}  // namespace sendscope::ui
