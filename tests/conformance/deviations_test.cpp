// The table of deviations: each row is tested, and a replay excuses nothing else.
#include "core/producer/deviations.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/conform/family.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

using namespace sendscope;
using namespace sendscope::conform;

namespace {

// What this producer does, by the tests named here; what Kafka does, by a transcript of the golden set where
// transcripts show it, by the table's own words otherwise (each names the place in Kafka or what it leads
// to).
struct Proof {
  Deviation row;
  const char* file;   // below tests
  const char* title;  // of the test case
};

constexpr Proof kProofs[] = {
    {Deviation::one_callback, "conformance/deviations_test.cpp",
     "a record refused after it was queued: Kafka runs its callback twice, we once"},
    {Deviation::late_answers_after_a_reset, "core/producer/deviations_test.cpp",
     "answers still count for a partition whose sequences the manager has forgotten"},
    {Deviation::late_answers_after_a_reset, "conformance/deviations_test.cpp",
     "an exception escapes inside Kafka: everything before that line is compared"},
    {Deviation::incomplete_response, "core/producer/deviations_test.cpp",
     "what was not asked is passed over; a batch without an answer is retried"},
    {Deviation::incomplete_response, "core/producer/deviations_test.cpp",
     "a batch without an answer and without retries fails at once and unmutes its partition"},
    {Deviation::incomplete_response, "core/producer/deviations_test.cpp",
     "an answer by topic id zero is passed over, and the batch is retried"},
    {Deviation::incomplete_response, "core/producer/deviations_test.cpp",
     "of two answers for a partition the first counts, and the others of the response are heard"},
    {Deviation::unreadable_response, "core/net/network_client_trouble_test.cpp",
     "a response with another correlation id ends the connection; its requests may be retried"},
    {Deviation::unreadable_response, "core/net/network_client_trouble_test.cpp",
     "a response nobody asked for, an impossible length and cut bytes end the connection"},
    {Deviation::no_common_metadata_version, "core/net/network_client_trouble_test.cpp",
     "a node without a common version of Metadata is asked again after the backoff"},
    {Deviation::pool_in_64_bits, "core/producer/buffer_pool_limits_test.cpp",
     "available memory is computed in 64 bits"},
    {Deviation::aborts_in_order_of_sending, "core/producer/accumulator_drain_test.cpp",
     "a forced end fails everything in the order of the records, and forgets the queues"},
    {Deviation::ratio_estimates_per_producer, "core/producer/deviations_test.cpp",
     "each producer has its own estimates of how well records compress"},
    {Deviation::future_in_a_callback, "core/live/callback_and_transaction_test.cpp",
     "in a callback flush is refused, and a future that is not done is not waited for"},
    {Deviation::metrics_window_of_zero, "core/base/statistics_test.cpp",
     "windows of no length hold nothing and do not divide by zero"},
};

// Seeds in which it happens.
constexpr const char* kOneCallback = "pipeline/pipeline-txn-41.jsonl";
constexpr const char* kEscaped = "pipeline/pipeline-txn-56.jsonl";

Transcript golden(const std::string& name) {
  const Result<Transcript> transcript = read_transcript(test::repository("tests/golden/") + name);
  INFO((transcript.ok() ? "" : transcript.error().message));
  REQUIRE(transcript.ok());
  return *transcript;
}

Report replayed(const Transcript& transcript) {
  Report report(transcript);
  find_family(transcript.family)->replay(transcript, report);
  return report;
}

}  // namespace

TEST_CASE("every deviation from Kafka says what and why, and has a test") {
  for (const DeviationRow& row : deviations()) {
    INFO(row.name);
    CHECK(deviation_row(row.id).name == row.name);
    for (const std::string_view text : {row.kafka, row.ours, row.why}) CHECK(text.size() >= 8);
    CHECK(std::any_of(std::begin(kProofs), std::end(kProofs),
                      [&row](const Proof& proof) { return proof.row == row.id; }));
  }
  for (const Proof& proof : kProofs) {
    INFO(proof.file << ": " << proof.title);
    std::ifstream in(test::repository("tests/") + proof.file);
    std::stringstream text;
    text << in.rdbuf();
    CHECK(text.str().find("TEST_CASE(\"" + std::string(proof.title) + "\"") != std::string::npos);
  }
}

TEST_CASE("a record refused after it was queued: Kafka runs its callback twice, we once") {
  const Transcript transcript = golden(kOneCallback);
  const Report report = replayed(transcript);
  CHECK(report.ok());
  REQUIRE(report.excused().size() == 1);
  const int excused = report.excused().at(Deviation::one_callback);
  CHECK(excused > 0);
  // Kafka's side: as many records have two callbacks.
  std::map<std::int64_t, int> callbacks;
  for (const TranscriptLine& line : transcript.lines) {
    if (!line.json.contains("out")) continue;
    for (const Json& callback : line.json["out"].value("callbacks", Json::array()))
      ++callbacks[callback.at("id").get<std::int64_t>()];
  }
  const auto twice = std::count_if(callbacks.begin(), callbacks.end(),
                                   [](const auto& record) { return record.second == 2; });
  CHECK(twice > 0);
  CHECK(twice <= excused);
}

TEST_CASE("an exception escapes inside Kafka: everything before that line is compared") {
  Transcript transcript = golden(kEscaped);
  const auto strikes = std::find_if(transcript.lines.begin(), transcript.lines.end(), [](const auto& line) {
    return line.json.contains("out") && line.json["out"].contains("uncaught");
  });
  REQUIRE(strikes != transcript.lines.end());
  REQUIRE(strikes != transcript.lines.begin());
  const Report report = replayed(transcript);
  CHECK(report.ok());
  CHECK(report.cut_lines() == transcript.lines.end() - strikes);
  // A difference just before is found.
  for (auto line = strikes; line-- != transcript.lines.begin();) {
    if (!line->json.contains("state")) continue;
    line->json["state"]["incomplete"] = -5;
    const Report found = replayed(transcript);
    REQUIRE(found.differences().size() == 1);
    CHECK(found.differences()[0].line == line->number);
    break;
  }
}

TEST_CASE("the score says what was excused and what was cut") {
  const std::string folder = test::repository("tests/golden/");
  const std::vector<std::string> paths = {folder + kOneCallback, folder + kEscaped};
  const Score score = score_of(paths);
  CHECK(score.all_equal());
  CHECK(score.excused.at(Deviation::one_callback) > 0);
  CHECK(score.rows.at({"pipeline", "txn"}).cut == 1);
  const std::string table = score.table();
  INFO(table);
  for (const char* part : {"2 / 2", "one_callback", "1 transcripts were compared only up to"})
    CHECK(table.find(part) != std::string::npos);
}
