// What is asked before there is metadata goes to an address of bootstrap.servers: it has its place as well.
#include <algorithm>

#include "tests/support/plain_measure.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

TEST_CASE("a request to a bootstrap address is seen in flight") {
  const auto bench = test::bench_of("first-send.json");
  const EventLog& log = bench->log();
  std::size_t requests = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind != EventKind::request_sent || static_cast<NodeId>(log[i].place) >= 0) continue;
    ++requests;
    test::do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(i) + 1);
    const Scene scene = bench->frame(test::PlainMeasure(), test::kBenchW, test::kBenchH);
    const auto shows = [&](std::string_view part, const Subject& subject) {
      return std::any_of(scene.hits.begin(), scene.hits.end(),
                         [&](const Hit& hit) { return hit.part == part && hit.subject == subject; });
    };
    CHECK(shows("slot", request_subject(log[i].subject)));
    CHECK(shows("link", node_subject(static_cast<NodeId>(log[i].place))));
  }
  CHECK(requests > 1);
}

TEST_CASE("a request to a bootstrap address has a bar on a lane of that address, and both can be selected") {
  const auto bench = test::bench_of("first-send.json");
  const EventLog& log = bench->log();
  test::do_verb(*bench, Verb::kEnd);
  std::size_t requests = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind != EventKind::request_sent || static_cast<NodeId>(log[i].place) >= 0) continue;
    ++requests;
    const Subject address = node_subject(static_cast<NodeId>(log[i].place));
    test::Person person(*bench);
    const auto of = [&](std::string_view part, const Subject& subject) {
      for (const Hit& hit : person.all(part)) {
        if (hit.subject == subject) return hit;
      }
      FAIL(part);
      return Hit{};
    };
    CHECK(of("lane", address).tip == "bootstrap 1");
    person.click(of("lane.bar", request_subject(log[i].subject)).box);
    CHECK(bench->view().selected == request_subject(log[i].subject));
    person.click(of("lane", address).box);
    CHECK(bench->view().selected == address);
    CHECK(person.reads("bootstrap 1"));
  }
  CHECK(requests > 1);
}

}  // namespace
}  // namespace sendscope::ui
