// The logs of the brokers, batch by batch: what a person sees, hovers and clicks.
#include "tests/ui/workbench/hand.h"

namespace sendscope::ui {
namespace {

using test::do_verb;
using test::Hand;
using test::middle;

// The first lines and states of the tips of a log's batches, left to right.
struct LogTold {
  std::vector<std::string> titles, states;
};

LogTold told(const Hand& hand, const std::vector<Hit>& segments) {
  LogTold out;
  float x = -1;
  for (const Hit& hit : segments) {
    CHECK(hit.box.x > x);
    x = hit.box.x;
    out.titles.push_back(hit.tip.substr(0, hit.tip.find('\n')));
    const std::size_t state = hit.tip.find("\nstate\t");
    out.states.push_back(state == std::string::npos ? "" : hit.tip.substr(state + 7));
  }
  CHECK(hand.scene.hits.size() > segments.size());
  return out;
}

TEST_CASE("the log shows the reordering of retries, and hovering tells which batch came late") {
  Hand hand("ordering.json");
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const std::vector<Hit> segments = hand.parts("log.segment");
  const LogTold log = told(hand, segments);
  CHECK(log.titles == std::vector<std::string>{"batch #1 of orders-0", "batch #3 of orders-0",
                                               "batch #4 of orders-0", "batch #5 of orders-0",
                                               "batch #2 of orders-0"});
  REQUIRE(log.states.size() == 5);
  for (std::size_t i = 0; i < 4; ++i) CHECK(log.states[i] == "in order");
  CHECK(log.states[4] == "out of order: behind later records\tmax.in.flight.requests.per.connection");
  CHECK(segments[4].tip.find("\noffset\t4\n") != std::string::npos);
  CHECK(segments[4].tip.find("\nproducer\tp1\n") != std::string::npos);
  for (const std::size_t i : {std::size_t{4}, std::size_t{1}}) {
    hand.click(middle(segments[i].box));
    CHECK(hand.bench->view().selected == segments[i].subject);
  }
}

TEST_CASE("with idempotence the log keeps its order") {
  Hand hand("ordering-idempotent.json");
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const LogTold log = told(hand, hand.parts("log.segment"));
  REQUIRE(log.titles.size() > 3);
  CHECK(std::is_sorted(log.titles.begin(), log.titles.end()));
  for (const std::string& state : log.states) CHECK(state == "in order");
}

TEST_CASE("a batch that is stored once more is told, and not where its producer is idempotent") {
  const auto [file, twice] =
      GENERATE(std::pair("lost-response.json", true), std::pair("lost-response-idempotent.json", false));
  Hand hand(file);
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const LogTold log = told(hand, hand.parts("log.segment"));
  REQUIRE_FALSE(log.states.empty());
  const auto again = std::count(log.states.begin(), log.states.end(), "stored once more\tenable.idempotence");
  CHECK((again > 0) == twice);
}

TEST_CASE("the batches of two producers say what became of their transactions") {
  Hand hand("transaction-commit-abort.json");
  std::vector<std::string> seen;
  for (std::size_t event = 0; event < hand.bench->log().size(); event += 20) {
    do_verb(*hand.bench, Verb::kSeekEvent, static_cast<std::int64_t>(event));
    hand.look();
    for (const Hit& hit : hand.parts("log.segment")) {
      const std::size_t state = hit.tip.find("\nstate\t");
      if (state != std::string::npos) seen.push_back(hit.tip.substr(state + 7));
      for (const char* producer : {"p1", "p2"}) {
        if (hit.tip.find(std::string("\nproducer\t") + producer) != std::string::npos)
          seen.push_back(producer);
      }
    }
  }
  for (const char* state : {"transaction undecided\tisolation.level", "committed\tisolation.level",
                            "aborted\tisolation.level", "p1", "p2"}) {
    INFO(state);
    CHECK(std::count(seen.begin(), seen.end(), state) > 0);
  }
}

}  // namespace
}  // namespace sendscope::ui
