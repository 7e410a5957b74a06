#include "core/model/history.h"

#include "core/base/prng.h"
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

// `batches` batches of three records each, in flight three at a time, every seventh retried once.
void tell_many(Script& script, std::uint32_t batches) {
  RequestId request = 0;
  for (BatchId batch = 1; batch <= batches; ++batch) {
    const RecordId first = 3 * batch;
    script.at(batch * kMs).open(batch, batch % 2);
    for (RecordId record = first; record < first + 3; ++record)
      script.send(record % 2, record, batch % 2, batch);
    script.drain(batch, batch % 2, 3);
    script.request(++request, batch % 2, batch);
    if (batch % 7 == 0) {
      script.tell(EventKind::response_received, batch % 2 + 1, request, 0, 60);
      script.tell(EventKind::batch_retried, batch % 2, batch, 6, 1);
      script.tell(EventKind::inflight_removed, batch % 2, batch);
      script.drain(batch, batch % 2, 3);
      script.request(++request, batch % 2, batch);
    }
    script.append_log(static_cast<std::uint16_t>(batch % 2 + 1), batch % 2, request, 3 * (batch / 2), 3);
    script.tell(EventKind::response_received, batch % 2 + 1, request, 0, 60);
    script.complete(batch, batch % 2, first, first + 2);
  }
}

TEST_CASE("the state after any steps forwards and back is the state reached directly") {
  Script script;
  tell_many(script, 60);
  HistoryLimits limits;
  limits.distance = 64;
  limits.max_snapshots = 8;
  History history(script.log, limits);
  CHECK(history.size() == script.log.size());
  CHECK(history.snapshot_count() <= 8);
  CHECK(history.snapshot_distance() > 64);

  std::vector<PipelineModel> direct(1);
  for (std::size_t i = 0; i < script.log.size(); ++i) {
    direct.push_back(direct.back());
    direct.back().apply(script.log[i]);
  }
  REQUIRE(history.latest() == direct.back());
  for (std::size_t n = 0; n <= script.log.size(); ++n) REQUIRE(history.model_at(n) == direct[n]);
  for (std::size_t n = script.log.size() + 1; n-- > 0;) REQUIRE(history.model_at(n) == direct[n]);
  Prng random(3);
  for (int i = 0; i < 300; ++i) {
    const auto n = static_cast<std::size_t>(random.below(direct.size()));
    REQUIRE(history.model_at(n) == direct[n]);
  }
  CHECK(history.model_at(direct.size() + 100) == direct.back());
}

TEST_CASE("a history grows with its log") {
  Script script;
  tell_many(script, 5);
  History history(script.log);
  const PipelineModel before = history.latest();
  const std::size_t n = history.size();
  script.at(1000 * kMs).tell(EventKind::sender_waits, kNoPlace, 0, 5, 0);
  CHECK(history.size() == n);
  history.update();
  CHECK(history.size() == n + 1);
  CHECK(history.latest().time == 1000 * kMs);
  CHECK(history.model_at(n) == before);
  CHECK(history.event_at(999 * kMs) == n);
  CHECK(history.event_at(1000 * kMs) == n + 1);
}

TEST_CASE("snapshots keep to their room") {
  Script script;
  tell_many(script, 400);
  HistoryLimits limits;
  limits.distance = 16;
  limits.max_bytes = 2'000'000;
  const History history(script.log, limits);
  CHECK(history.snapshot_count() < 60);
  CHECK(history.snapshot_count() >= 2);
}

TEST_CASE("a message moves from where it left to where it arrives, and a lost one stays on the way") {
  Script script;
  script.at(10 * kMs).tell(EventKind::request_sent, 1, 1, 0, 300);
  script.at(20 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
  script.at(25 * kMs).tell(EventKind::response_sent, 1, 1, 0, 60);
  script.at(35 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
  script.tell(EventKind::request_sent, 1, 2, 0, 300);
  script.tell(EventKind::message_lost, 1, 2, static_cast<std::uint32_t>(MessageKind::kRequest));
  script.tell(EventKind::request_sent, 1, 3, 0, 300);
  const History history(script.log);
  const TravelTimes& travel = history.travel();
  const auto where = [&](RequestId id, Nanos now) { return travel.position(id, now); };
  CHECK(where(1, 9 * kMs).stage == TravelStage::kNowhere);
  CHECK(where(1, 10 * kMs).per_mille == 0);
  CHECK(where(1, 15 * kMs).per_mille == 500);
  CHECK(where(1, 15 * kMs).stage == TravelStage::kToBroker);
  CHECK(where(1, 22 * kMs).stage == TravelStage::kAtBroker);
  CHECK(where(1, 30 * kMs).stage == TravelStage::kToProducer);
  CHECK(where(1, 30 * kMs).per_mille == 500);
  CHECK(where(1, 35 * kMs).stage == TravelStage::kDone);
  CHECK(where(2, 900 * kMs).per_mille == 500);
  CHECK(where(2, 900 * kMs).lost);
  int last = 0;
  for (Nanos t = 35 * kMs; t < 200 * kMs; t += kMs) {
    const TravelPosition position = where(3, t);
    CHECK(position.per_mille >= last);
    CHECK(position.per_mille < 1000);
    last = position.per_mille;
  }
  CHECK(last > 950);
}

}  // namespace
}  // namespace sendscope
