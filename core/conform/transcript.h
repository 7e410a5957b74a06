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
#include "core/conform/recorded_compressor.h"
#include "core/producer/deviations.h"

namespace sendscope::conform {

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
  std::string profile;  // "pipeline/txn"
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
  // This line is equal but for what the row says.
  void excuse(Deviation row) { ++excused_[row]; }
  // An exception escaped inside Kafka's I/O thread here: `lines` from this one on have nothing to compare.
  void cut(int lines) { cut_lines_ = lines; }
  // How our packing compared with Kafka's; a difference when it lost something.
  void packed(const RecordedCompressor& compressor);

  const std::map<Deviation, int>& excused() const { return excused_; }
  int cut_lines() const { return cut_lines_; }
  const RecordedCompressor::Tallies& packed() const { return packed_; }
  bool ok() const { return differences_.empty(); }
  // Enough differences are known; going on tells nobody anything.
  bool full() const { return differences_.size() >= limit_; }
  const std::vector<Difference>& differences() const { return differences_; }

 private:
  const Transcript& transcript_;
  const TranscriptLine* line_ = nullptr;
  std::size_t limit_;
  std::vector<Difference> differences_;
  std::map<Deviation, int> excused_;
  int cut_lines_ = 0;
  RecordedCompressor::Tallies packed_{};
};

// Of one profile of a family.
struct Tally {
  int passed = 0;  // transcripts
  int total = 0;
  int cut = 0;             // transcripts compared only up to where an exception escaped inside Kafka
  std::int64_t lines = 0;  // of all transcripts
  std::int64_t cut_lines = 0;
};

struct Score {
  std::map<std::pair<std::string, std::string>, Tally> rows;  // by family and profile
  std::vector<Difference> differences;                        // the first few of each transcript that failed
  std::map<Deviation, int> excused;                           // lines
  RecordedCompressor::Tallies packed{};                       // batches
  std::vector<Error> unreadable;                              // files that are no transcripts

  bool all_equal() const;
  // For people: the rows, what was excused and what was cut, how the codecs packed.
  std::string table() const;
  // Of each row that differs the first difference: where, what Kafka gave, what we gave.
  std::string first_differences() const;
};

// Replays files, and every *.jsonl below directories, in order of their names. A transcript of a family
// nobody replays counts as failed. Nothing is kept of a transcript that passed.
Score score_of(std::span<const std::string> paths);

}  // namespace sendscope::conform
