// The lessons that are brought along: a number in their texts is what the run makes it.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/shipped_scenarios.h"

namespace sendscope::run {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// The text without what stands as `code` and in braces.
std::string prose_of(const std::string& text) {
  std::string out;
  char until = 0;
  for (const char c : text) {
    if (until != 0) {
      if (c == until) until = 0;
    } else if (c == '`' || c == '{') {
      until = c == '`' ? '`' : '}';
    } else {
      out += c;
    }
  }
  return out;
}

// "4.0": a version of Kafka.
bool is_version(const std::string& word) {
  return word.size() == 3 && is_digit(word[0]) && word[1] == '.' && is_digit(word[2]);
}

// Words with digits that are neither names (KIP-794, CRC-32C, node 1) nor versions.
std::vector<std::string> numbers_in(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream words(prose_of(text));
  std::string word, before;
  for (; words >> word; before = word) {
    const auto is_sign = [](char c) { return !is_digit(c) && !is_letter(c); };
    word.erase(word.begin(), std::find_if_not(word.begin(), word.end(), is_sign));
    while (!word.empty() && is_sign(word.back())) word.pop_back();
    if (std::none_of(word.begin(), word.end(), is_digit) || is_letter(word.front())) continue;
    const bool node = before == "node" || before == "Node";
    if (!node && !is_version(word)) found.push_back(word);
  }
  return found;
}

TEST_CASE("names and versions have digits, everything else is a number") {
  using Words = std::vector<std::string>;
  CHECK(numbers_in("Node 1 (KIP-794) of Kafka 4.0, `linger.ms=5`: {acked} of app-1.") == Words{});
  CHECK(numbers_in("5 ms, (40 kB) 1024.") == Words{"5", "40", "1024"});
}

TEST_CASE("every number in a lesson's text is an expression, and is known where it is told") {
  std::size_t values = 0;
  for (const std::string& path : test::shipped_scenarios()) {
    const auto file = open_scenario(path).file;
    REQUIRE(file);
    std::vector<LessonStep> steps = file->lesson;
    LessonWatch watch(steps);
    SimulatedRunOptions options;
    options.watches = {&watch};
    auto run = SimulatedRun::create(recipe_of(file->scenario), options);
    REQUIRE(run.ok());
    (*run)->finish();
    for (const LessonStep& step : steps) {
      INFO(path << ": " << step.heading << "\n" << step.told);
      CHECK(numbers_in(step.heading + " " + step.text) == std::vector<std::string>{});
      CHECK(step.told.find("unknown") == std::string::npos);
      CHECK(step.told.find("\xe2\x80\xa6") == std::string::npos);
      values += step.values.size();
    }
  }
  CHECK(values > 60);
}

}  // namespace
}  // namespace sendscope::run
