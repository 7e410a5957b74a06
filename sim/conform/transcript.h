// Transcripts of Kafka's own producer, and what comes out of replaying them.
//
// A transcript is JSON lines: a header, then one operation a line. Everything beside "out" and "state" is
// input; those two are what Kafka did and how things stood afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sendscope::sim {

using Json = nlohmann::json;

struct TranscriptLine {
  int number = 0;  // in the file, from 1
  Json json;

  std::string_view op() const { return json.at("op").get_ref<const std::string&>(); }
};

struct Transcript {
  std::string file;
  std::string family;
  std::string profile;
  std::int64_t seed = 0;
  Json header;
  std::vector<TranscriptLine> lines;
};

// Fails with kInvalidInput (file and line) or kIo. Holds every line's "op" to be a string and "out", "state"
// to be objects where present.
Result<Transcript> read_transcript(const std::string& path);

// Where a replay did something else than Kafka.
struct Difference {
  std::string file;
  int line = 0;
  std::string op;
  std::string what;  // the path of the value: "out.wire[0].bytes"
  std::string expected;
  std::string got;
};

std::string to_string(const Difference& difference);

// Collects the differences of one transcript. A family compares as it goes:
//   report.at(line); report.compare("out.error", line.json["out"]["error"], got);
class Report {
 public:
  explicit Report(const Transcript& transcript, std::size_t limit = 20)
      : transcript_(transcript), limit_(limit) {}

  void at(const TranscriptLine& line) { line_ = &line; }
  // True when equal. Objects and arrays are compared member by member, so that the difference names the
  // innermost place. Numbers compare by value (1 == 1.0); `expected` may lack members that `got` has.
  bool compare(const std::string& what, const Json& expected, const Json& got);
  void differs(const std::string& what, std::string expected, std::string got);

  bool ok() const { return differences_.empty(); }
  // Enough differences are known; going on tells nobody anything.
  bool full() const { return differences_.size() >= limit_; }
  const std::vector<Difference>& differences() const { return differences_; }

 private:
  const Transcript& transcript_;
  const TranscriptLine* line_ = nullptr;
  std::size_t limit_;
  std::vector<Difference> differences_;
};

// family and profile -> transcripts that passed and all of them.
struct Tally {
  int passed = 0;
  int total = 0;
};

struct Score {
  std::map<std::pair<std::string, std::string>, Tally> rows;
  std::vector<Difference> differences;  // the first few of each transcript that failed
  std::vector<Error> unreadable;        // files that are no transcripts

  bool all_equal() const;
  std::string table() const;  // for people
};

// Replays files, and every *.jsonl below directories, in order of their names. A transcript of a family
// nobody replays counts as failed. Nothing is kept of a transcript that passed.
Score conform(std::span<const std::string> paths);

}  // namespace sendscope::sim
