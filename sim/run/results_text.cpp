#include "sim/run/results_text.h"

#include "core/event/narration.h"

namespace sendscope::run {
namespace {

std::string outcome_word(CheckOutcome outcome) {
  return std::string(enum_name(Unit::kCheckOutcome, static_cast<std::uint64_t>(outcome)));
}

std::string details(const ExpectationResult& result) {
  std::string out =
      result.reason + ", at event " + std::to_string(result.event) + ", " + format_time(result.time) + " ms";
  if (!result.values.empty()) out += " (" + result.values + ")";
  return out;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

// The runs of one scenario stand next to each other.
struct Suite {
  std::string xml;
  int tests = 0;
  int failures = 0;
  int skipped = 0;
};

void add_case(Suite& suite, const std::vector<CheckedRun>& runs, std::size_t begin, std::size_t end,
              std::size_t check) {
  std::string broken, undecided;
  for (std::size_t i = begin; i < end; ++i) {
    const ExpectationResult& result = runs[i].results[check];
    if (result.outcome == CheckOutcome::kHeld) continue;
    std::string& text = result.outcome == CheckOutcome::kBroken ? broken : undecided;
    text += "seed " + std::to_string(runs[i].seed) + ": " + details(result) + "\n";
  }
  ++suite.tests;
  suite.xml += "    <testcase classname=\"" + escaped(runs[begin].file) + "\" name=\"" +
               escaped(runs[begin].results[check].text) + "\"";
  if (!broken.empty()) {
    ++suite.failures;
    suite.xml += ">\n      <failure message=\"broken\">" + escaped(broken) + "</failure>\n    </testcase>\n";
  } else if (!undecided.empty()) {
    ++suite.skipped;
    suite.xml += ">\n      <skipped message=\"undecided: " + escaped(undecided) + "\"/>\n    </testcase>\n";
  } else {
    suite.xml += "/>\n";
  }
}

}  // namespace

std::string result_line(const ExpectationResult& result) {
  std::string word = outcome_word(result.outcome);
  word.resize(10, ' ');
  std::string line = word + " " + result.text;
  if (result.outcome != CheckOutcome::kHeld) line += ": " + details(result);
  return line;
}

std::string junit_xml(const std::vector<CheckedRun>& runs) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (std::size_t begin = 0; begin < runs.size();) {
    std::size_t end = begin;
    while (end < runs.size() && runs[end].file == runs[begin].file) ++end;
    Suite suite;
    for (std::size_t check = 0; check < runs[begin].results.size(); ++check)
      add_case(suite, runs, begin, end, check);
    out += "  <testsuite name=\"" + escaped(runs[begin].file) + "\" tests=\"" + std::to_string(suite.tests) +
           "\" failures=\"" + std::to_string(suite.failures) + "\" skipped=\"" +
           std::to_string(suite.skipped) + "\">\n" + suite.xml + "  </testsuite>\n";
    begin = end;
  }
  return out + "</testsuites>\n";
}

}  // namespace sendscope::run
