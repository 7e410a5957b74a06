// A small set of transcripts that Kafka's own producer wrote is replayed; the full sets come from the oracle.
#include <iostream>

#include "core/conform/transcript.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

using namespace sendscope::conform;

namespace {

void replay_all(const std::string& family, const std::vector<std::string>& profiles) {
  const std::vector<std::string> paths = {sendscope::test::repository("tests/golden/") + family};
  const Score score = score_of(paths);
  for (const sendscope::Error& error : score.unreadable) FAIL_CHECK(error.message);
  for (const Difference& difference : score.differences) FAIL_CHECK(to_string(difference));
  std::cout << score.table();
  for (const std::string& profile : profiles) {
    INFO(family << " " << profile);
    const auto row = score.rows.find({family, profile});
    REQUIRE(row != score.rows.end());
    CHECK(row->second.total >= 5);
    CHECK(row->second.passed == row->second.total);
  }
}

}  // namespace

TEST_CASE("record batches are Kafka's, byte for byte") {
  replay_all("batch", {"none", "gzip", "snappy", "lz4", "zstd"});
}

TEST_CASE("the buffer pool lends and makes wait as Kafka's does") {
  replay_all("pool", {"mixed", "contended"});
}

TEST_CASE("records find the partitions Kafka finds") { replay_all("partition", {"keys", "sticky"}); }

TEST_CASE("a whole producer does what Kafka's does, step by step") {
  replay_all("pipeline", {"plain", "plain-inflight1", "idempotent", "small-batches", "compressed",
                          "large-records", "metadata-churn", "slow-brokers", "errors", "split", "partitioner",
                          "blocking", "txn", "txn-v2", "txn-upgrade"});
}
