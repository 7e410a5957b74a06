#include "core/conform/transcript.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/conform/family.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

using namespace sendscope;
using namespace sendscope::conform;

namespace {

// A file that goes away with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    path_ = (std::filesystem::temp_directory_path() /
             ("sendscope-transcript-" + std::to_string(counter_++) + ".jsonl"));
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  static inline int counter_ = 0;
  std::filesystem::path path_;
};

std::string first_golden(const std::string& family, const std::string& profile) {
  std::vector<std::string> files;
  const std::string folder = test::repository("tests/golden/") + family;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().rfind(family + "-" + profile, 0) == 0) files.push_back(entry.path());
  }
  REQUIRE_FALSE(files.empty());
  return *std::min_element(files.begin(), files.end());
}

// Every number and flag below "out" and "state", one at a time.
void collect_places(const Json& json, const Json::json_pointer& at, std::vector<Json::json_pointer>& places) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      if (key != "produce") collect_places(value, at / key, places);  // a summary of "bytes", for people
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) collect_places(json[i], at / i, places);
  } else if (json.is_number() || json.is_boolean()) {
    places.push_back(at);
  }
}

constexpr const char* kHeader = R"({"format":1,"family":"partition","profile":"keys","seed":1})";

}  // namespace

TEST_CASE("every number Kafka reports is compared: a wrong one is found, with its line") {
  const auto [family, profile] = GENERATE(table<std::string, std::string>({{"pool", "contended"},
                                                                           {"partition", "sticky"},
                                                                           {"partition", "keys"},
                                                                           {"batch", "none"},
                                                                           {"batch", "zstd"},
                                                                           {"pipeline", "compressed"},
                                                                           {"pipeline", "txn-v2"}}));
  const Result<Transcript> golden = read_transcript(first_golden(family, profile));
  REQUIRE(golden.ok());
  std::size_t tried = 0;
  for (std::size_t i = 0; i < golden->lines.size() && tried < 200; i += 7) {
    for (const char* part : {"out", "state"}) {
      if (!golden->lines[i].json.contains(part)) continue;
      std::vector<Json::json_pointer> places;
      collect_places(golden->lines[i].json[part], Json::json_pointer(std::string("/") + part), places);
      for (const Json::json_pointer& place : places) {
        Transcript wrong = *golden;
        Json& value = wrong.lines[i].json[place];
        if (value.is_boolean()) {
          value = !value.get<bool>();
        } else if (value.is_number_float()) {
          value = value.get<double>() + 0.25;
        } else {
          value = value.get<std::int64_t>() ^ 1;
        }
        Report report(wrong);
        find_family(family)->replay(wrong, report);
        INFO(family << " line " << wrong.lines[i].number << " " << place.to_string());
        REQUIRE_FALSE(report.ok());
        CHECK(report.differences().front().line == wrong.lines[i].number);
        ++tried;
      }
    }
  }
  CHECK(tried >= 8);
}

TEST_CASE("what is no transcript is named with its line") {
  struct Case {
    std::string text;
    std::string message;
  };
  const std::string header = std::string(kHeader) + "\n";
  const auto [text, message] = GENERATE_COPY(values<Case>({
      {"", ":1: is empty"},
      {"hello\n", ":1: is not a transcript"},
      {"{\"format\":2}\n", ":1: is not a transcript of format 1"},
      {"{\"format\":1,\"family\":\"pool\"}\n", ":1: header has no \"profile\""},
      {header + "{\"op\":\n", ":2: not JSON"},
      {header + "[]\n", ":2: not an object"},
      {header + "{}\n", ":2: has no \"op\""},
      {header + "{\"op\":\"key\",\"out\":3}\n", ":2: \"out\" is not an object"},
  }));
  const TemporaryFile file(text);
  const std::vector<std::string> paths = {file.path()};
  const Score score = score_of(paths);
  REQUIRE(score.unreadable.size() == 1);
  INFO(score.unreadable[0].message);
  CHECK(score.unreadable[0].message.find(file.path() + message) == 0);
  CHECK(score.rows.empty());
}

TEST_CASE("a file that is not there, and an operation that lacks its input") {
  const std::vector<std::string> missing = {"/nowhere/at-all.jsonl"};
  CHECK(score_of(missing).unreadable.size() == 1);
  const TemporaryFile file(std::string(kHeader) + "\n{\"op\":\"key\",\"out\":{}}\n");
  const std::vector<std::string> paths = {file.path()};
  const Score score = score_of(paths);
  REQUIRE(score.differences.size() == 1);
  CHECK(score.differences[0].line == 2);
  CHECK_FALSE(score.all_equal());
  CHECK(score.table().find("0 / 1   DIFFERS") != std::string::npos);
}

TEST_CASE("a family nobody replays counts as failed") {
  const TemporaryFile file("{\"format\":1,\"family\":\"weather\",\"profile\":\"rain\",\"seed\":1}\n");
  const std::vector<std::string> paths = {file.path()};
  const Score score = score_of(paths);
  CHECK_FALSE(score.all_equal());
  REQUIRE(score.differences.size() == 1);
  CHECK(score.differences[0].got == "weather");
  // Of each profile the first difference is enough.
  const std::vector<std::string> twice = {file.path(), file.path()};
  CHECK(score_of(twice).differences.size() == 2);
  CHECK(score_of(twice).first_differences() == score.first_differences());
  CHECK(score.first_differences().find("weather/rain: " + file.path()) == 0);
}

TEST_CASE("no input of a transcript makes a replay crash") {
  const auto [family, profile] = GENERATE(table<std::string, std::string>({{"pool", "mixed"},
                                                                           {"partition", "sticky"},
                                                                           {"partition", "keys"},
                                                                           {"batch", "none"},
                                                                           {"batch", "lz4"}}));
  const Result<Transcript> golden = read_transcript(first_golden(family, profile));
  REQUIRE(golden.ok());
  const std::vector<Json> odd = {nullptr,    -1,         0,    1,    INT64_MIN,     INT64_MAX,
                                 UINT64_MAX, 2147483648, "zz", "00", Json::array(), Json::object(),
                                 true,       1.5};
  std::size_t failed = 0, tried = 0;
  const auto replay = [&](const Transcript& transcript) {
    Report report(transcript);
    try {
      find_family(family)->replay(transcript, report);
    } catch (const std::exception&) {
      ++failed;
    }
    failed += report.ok() ? 0 : 1;
    ++tried;
  };
  for (const auto& [member, value] : golden->header.items()) {
    for (const Json& replacement : odd) {
      Transcript wrong = *golden;
      wrong.header[member] = replacement;
      replay(wrong);
    }
  }
  for (std::size_t i = 0; i < golden->lines.size(); i += 17) {
    Json without = golden->lines[i].json;
    for (const auto& [member, value] : without.items()) {
      if (member == "op" || member == "out" || member == "state") continue;
      for (const Json& replacement : odd) {
        Transcript wrong = *golden;
        wrong.lines[i].json[member] = replacement;
        replay(wrong);
      }
    }
    Transcript shorter = *golden;  // what an operation needs may never have happened
    shorter.lines.erase(shorter.lines.begin() + static_cast<std::ptrdiff_t>(i));
    replay(shorter);
  }
  CHECK(tried > 100);
  CHECK(failed > tried / 4);
}
