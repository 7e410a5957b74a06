// Why something has not happened: told, with what it waits for a click away.
#include <map>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

// What the Why card says of the thing has not happened at the cursor; empty: nothing.
std::string not_yet(Workbench& bench, Person& person, const Subject& thing) {
  bench.act(select_action(thing), test::kBenchW, test::kBenchH);
  const auto rows = person.all("why.not");
  return rows.empty() ? "" : rows.front().tip.substr(0, rows.front().tip.find('\n'));
}

TEST_CASE("a batch of a muted partition is not drained because of the one in flight, which a click selects") {
  const auto bench = bench_of("one-in-flight.json");
  Person person(*bench);
  std::size_t muted = 0;
  for (std::size_t n = 1; n <= bench->log().size() && muted < 2; ++n) {
    const PipelineModel model = model_after(bench->log(), n);
    if (model.producers.empty()) continue;
    for (const auto& [index, partition] : model.producers[0].partitions) {
      if (!partition.muted || partition.deque.empty() || partition.in_flight_batches.empty()) continue;
      const BatchModel* waiting = model.batch(partition.deque.front());
      if (waiting->ready < 0 && waiting->closed < 0) continue;
      do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
      const Subject blocker = batch_subject(partition.in_flight_batches.front());
      CHECK(not_yet(*bench, person, batch_subject(partition.deque.front())) ==
            "Not drained, because " + describe(partition_subject(index), bench->log()) + " is muted by " +
                describe(blocker, bench->log()) + ".");
      person.click(person.all("why.not").front().box);
      CHECK(bench->view().selected == blocker);
      ++muted;
      break;
    }
  }
  CHECK(muted == 2);
}

TEST_CASE("who waits for memory is told who is before it in line, up to who has it") {
  const auto bench = bench_of("backpressure.json");
  Person person(*bench);
  for (std::size_t n = 1; n <= bench->log().size(); ++n) {
    const PipelineModel model = model_after(bench->log(), n);
    if (model.producers.empty() || model.producers[0].pool.waiters.size() < 2) continue;
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
    const auto& line = model.producers[0].pool.waiters;
    CHECK_FALSE(not_yet(*bench, person, record_subject(line[1].record)).empty());
    person.click(person.all("why.not").front().box);
    CHECK(bench->view().selected == thread_subject(line[0].thread));
    CHECK_FALSE(not_yet(*bench, person, record_subject(line[0].record)).empty());
    person.click(person.all("why.not").front().box);
    CHECK(bench->view().selected == batch_subject(model.producers[0].incomplete_batches.front()));
    return;
  }
  FAIL("nobody waits in line");
}

TEST_CASE("what is over has nothing that has not happened; a slice leads to the event that ended it") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  CHECK(not_yet(*bench, person, record_subject(1)).empty());
  const auto slices = person.all("why");
  REQUIRE(slices.size() > 1);
  std::size_t before = 0;
  for (const Hit& slice : slices) {
    do_verb(*bench, Verb::kEnd);
    REQUIRE(slice.click.verb == Verb::kSeekEvent);
    person.click(slice.box);
    CHECK(bench->cursor().events == static_cast<std::size_t>(slice.click.value));
    CHECK(bench->cursor().events > before);
    before = bench->cursor().events;
  }
}

}  // namespace
}  // namespace sendscope::ui
