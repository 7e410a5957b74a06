// Why a connection is lost: recognised, told as an event, and said to whoever asks.
#include "core/net/first_bytes.h"
#include "core/net/network_client.h"
#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::test;

namespace {

constexpr Nanos kPatience = kNanosPerSecond;

NetworkClientSettings settings() {
  NetworkClientSettings result = usual_settings();
  result.client_id = "client";
  result.request_timeout_ms = 5'000;
  return result;
}

std::vector<std::byte> bytes(std::string_view text) {
  std::vector<std::byte> out;
  for (const char c : text) out.push_back(static_cast<std::byte>(c));
  return out;
}

std::vector<LossReason> reasons(Bench& bench) {
  std::vector<LossReason> out;
  for (const Event& event : bench.events(EventKind::connection_lost))
    out.push_back(static_cast<LossReason>(event.a));
  return out;
}

std::string trouble(Bench& bench) {
  const std::vector<std::string> troubles = bench.client.reports().troubles(bench.now(), kPatience);
  return troubles.empty() ? "" : troubles.front();
}

// Connected to -1 and asking for its ApiVersions.
struct CheckingBench : Bench {
  CheckingBench() : Bench(settings()) {
    transport.accept(-1);
    turn();
  }
};

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

}  // namespace

TEST_CASE("first bytes that are no frame tell who is there, whole or byte by byte") {
  struct Case {
    std::string_view came;
    LossReason reason;
    const char* said;
  };
  const Case kCases[] = {
      {std::string_view("\x15\x03\x03\x00\x02\x02\x46", 7), LossReason::kSpeaksTls,
       "seed0:9092 speaks TLS (it "},
      {std::string_view("\x15\x03\x00\x00", 4), LossReason::kSpeaksTls, "seed0:9092 speaks TLS (it answered"},
      {std::string_view("\x16\x03\x01\x00\x05", 5), LossReason::kSpeaksTls,
       "seed0:9092 speaks TLS: use a PLAIN"},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", LossReason::kWebServer,
       "seed0:9092 is a web server, not a Kafka broker (it answered \"HTTP"},
      {"<!DOCTYPE HTML>", LossReason::kWebServer, "seed0:9092 is a web server"},
      {"SSH-2.0-OpenSSH_9.2\r\n", LossReason::kNotKafka,
       "seed0:9092 does not speak Kafka's protocol (it answered"},
      {std::string_view("\xff\xff\xff\xff", 4), LossReason::kNotKafka,
       "seed0:9092 does not speak Kafka's protocol:"},
  };
  for (const Case& c : kCases) {
    for (const bool whole : {true, false}) {
      CheckingBench bench;
      if (whole) {
        bench.transport.receive(-1, bytes(c.came));
      } else {
        for (std::size_t i = 0; i < c.came.size() && i < 4; ++i)
          bench.transport.receive(-1, bytes(c.came.substr(i, 1)));
      }
      bench.turn();
      CHECK(reasons(bench) == std::vector{c.reason});
      CHECK(trouble(bench).find(whole ? c.said : "seed0:9092 ") == 0);
      CHECK_FALSE(bench.transport.open(-1));
    }
  }
}

TEST_CASE("nonsense after good answers is a malformed response, not a stranger") {
  Bench bench(settings());
  bench.make_ready(-1);
  bench.requests(-1);
  bench.transport.receive(-1, bytes("HTTP/1.1 400"));
  bench.turn();
  CHECK(reasons(bench) == std::vector{LossReason::kMalformedResponse});
}

TEST_CASE("what was sent and comes back is an echo") {
  CheckingBench bench;
  bench.transport.receive(-1, bench.transport.connection(-1).written);
  bench.turn();
  CHECK(reasons(bench) == std::vector{LossReason::kEcho});
  CHECK(begins(trouble(bench), "seed0:9092 sends back what it is sent, so it is no Kafka broker: "));
}

TEST_CASE("who closes before, after and long after ApiVersions is told apart") {
  CheckingBench before;
  before.transport.cut(-1);
  before.turn();
  CHECK(reasons(before) == std::vector{LossReason::kClosedUnanswered});
  CHECK(begins(trouble(before),
               "seed0:9092 closes the connection instead of answering ApiVersions: it requires TLS"));

  Bench after(settings());
  after.make_ready(-1);
  REQUIRE(after.requests(-1).size() == 1);  // Metadata
  after.transport.cut(-1);
  after.turn();
  CHECK(reasons(after) == std::vector{LossReason::kClosedAtFirstRequest});
  CHECK(begins(trouble(after),
               "seed0:9092 answers ApiVersions but closes the connection at the first request after "));

  Bench later(settings());
  later.start({0});
  CHECK(trouble(later).empty());
  later.transport.cut(-1);
  later.turn();
  CHECK(reasons(later) == std::vector{LossReason::kClosedByPeer});
  CHECK(begins(trouble(later), "seed0:9092, which did answer before, has closed the connection: "));
}

TEST_CASE(
    "who takes the connection and keeps silent is in trouble once patience ends, and while connecting too") {
  Bench bench(settings());
  bench.advance(999);
  CHECK(trouble(bench).empty());
  bench.advance(1);
  CHECK(begins(trouble(bench), "seed0:9092 does not answer attempts to connect: "));
  bench.transport.accept(-1);
  bench.turn();
  CHECK(trouble(bench).empty());
  bench.advance(1'000);
  CHECK(begins(trouble(bench), "seed0:9092 takes connections but does not answer: "));
  bench.advance(4'001);
  bench.turn();
  CHECK(reasons(bench) == std::vector{LossReason::kSilent});
  CHECK(begins(trouble(bench), "seed0:9092 takes connections but does not answer: "));
}

TEST_CASE("trouble lasts through new attempts and is over with the first real answer") {
  CheckingBench bench;
  bench.transport.cut(-1);
  bench.turn();
  bench.advance(1'000);
  bench.turn();
  CHECK_FALSE(trouble(bench).empty());  // connecting again
  bench.make_ready(-1);
  CHECK_FALSE(trouble(bench).empty());  // one that wants SASL comes this far, too
  bench.answer_metadata(-1, {0});
  CHECK(trouble(bench).empty());
}

TEST_CASE("what this side closes is no trouble") {
  Bench bench(settings());
  bench.start({0});
  bench.client.disconnect(-1, bench.now());
  CHECK(reasons(bench) == std::vector{LossReason::kClosedHere});
  bench.advance(60'000);
  CHECK(trouble(bench).empty());
}

TEST_CASE("of the reports of one address the newest counts, and that it ever answered") {
  NodeReports reports;
  const Node seed{-1, "h", 1, {}}, broker{0, "h", 1, {}};
  reports.connecting(seed, 1);
  reports.checking(seed.id, 2);
  reports.answered(seed.id, 3);
  reports.connecting(broker, 4);
  reports.lost(broker.id, LossReason::kRefused, "Connection refused", 5);
  CHECK(reports.troubles(6, kPatience) ==
        std::vector<std::string>{
            "h:1, which did answer before, refuses connections (Connection refused): does the "
            "broker run, and is the port right?"});
  reports.connecting(seed, 7);
  reports.answered(seed.id, 8);
  CHECK(reports.troubles(9, kPatience).empty());
}

TEST_CASE("every reason that is trouble has its sentence") {
  for (int reason = 1; !enum_name(Unit::kLossReason, static_cast<std::uint64_t>(reason)).empty(); ++reason) {
    const auto which = static_cast<LossReason>(reason);
    const bool own =
        which == LossReason::kIdle || which == LossReason::kClosedHere || which == LossReason::kStartsOver;
    const NodeReport report{"h:1", ConnectionState::kDisconnected, 0, which, "words", false};
    const std::string text = trouble_of(report, 0, kPatience);
    INFO(enum_name(Unit::kLossReason, static_cast<std::uint64_t>(reason)) << ": " << text);
    CHECK(text.empty() == own);
    CHECK(text.find("{}") == std::string::npos);
    if (!own) CHECK(text.find("(words)") != std::string::npos);
  }
}
