// What could happen next: the reader chooses, and the run goes on from there.
#include <algorithm>

#include "sim/run/sim_session.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::events_of;
using test::Person;

std::size_t first_of(const Workbench& bench, EventKind kind, std::size_t from = 0) {
  const EventLog& log = bench.log();
  while (from < log.size() && log[from].kind != kind) ++from;
  REQUIRE(from < log.size());
  return from;
}

// The row that says this; its number.
std::size_t row_of(Person& person, std::string_view words) {
  const auto rows = person.all("next.choice");
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Hit& hit) { return hit.tip.find(words) != std::string::npos; });
  INFO(words);
  REQUIRE(row != rows.end());
  return static_cast<std::size_t>(row - rows.begin());
}

void choose(Person& person, std::string_view words) {
  const std::size_t row = row_of(person, words);
  person.click(person.all("next.choice")[row].box);
}

TEST_CASE("a choice keeps the run before it, comes first, and the cursor goes to it") {
  const auto bench = bench_of("zombie-fenced.json");
  Person person(*bench);
  const auto plain = events_of(*bench);
  const std::size_t here = first_of(*bench, EventKind::request_sent) + 1;
  do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(here));
  person.press(key_of('Z'));
  const auto rows = person.all("next.choice");
  REQUIRE(rows.size() >= 2);
  // Of one direction of a connection only the oldest is there.
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) CHECK(rows[i].tip != rows[j].tip);
  }
  for (std::size_t last = std::min<std::size_t>(rows.size(), 9); last-- > 1;) {
    INFO(rows[last].tip);
    person.press({static_cast<Key>(static_cast<int>('1' + last)), true, false});
    const auto changed = events_of(*bench);
    const std::size_t chosen = first_of(*bench, EventKind::next_chosen);
    CHECK(std::equal(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(here), changed.begin()));
    CHECK(bench->cursor().events >= std::min(chosen + 2, changed.size()));
    CHECK(bench->session().by_hand().orders.size() == 1);
    person.press(Chord{key_of('Z'), true, false});
    CHECK(events_of(*bench) == plain);
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(here));
    person.look();
    bench->finish_work();
  }
}

TEST_CASE("a row lights its thing on the stage, and only while it is pointed at") {
  const auto bench = bench_of("ordering.json");
  Person person(*bench);
  do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(first_of(*bench, EventKind::request_sent)) + 1);
  person.press(key_of('Z'));
  const auto rows = person.all("next.choice");
  REQUIRE_FALSE(rows.empty());
  Pointer pointer(*bench);
  pointer.resize(test::kBenchW, test::kBenchH);
  for (const Hit& row : rows) {
    CHECK(is_set(row.subject));
    pointer.move(person.look(), test::middle(row.box));
    CHECK(bench->view().pointed_at == row.subject);
  }
  pointer.move(person.look(), {5, 5});
  CHECK_FALSE(is_set(bench->view().pointed_at));
}

TEST_CASE("without a run that stands still nothing can be chosen; the first press shows what could happen") {
  const auto bench = bench_of("ordering.json");
  Person person(*bench);
  do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(first_of(*bench, EventKind::request_sent)) + 1);
  bench->view().playing = true;
  person.press({key_of('2'), true, false});
  CHECK_FALSE(bench->view().playing);
  CHECK(bench->view().bottom == BottomTab::kNext);
  CHECK(bench->session().by_hand().orders.empty());
  person.press({key_of('1'), true, false});
  CHECK(bench->session().by_hand().orders.size() == 1);
}

bool in_order(Workbench& bench) {
  History history(bench.log());
  const LogModel& log = history.latest().partitions.at(0).log;
  CHECK(log.size() == 5);
  return log.leader_content.out_of_order == 0;
}

TEST_CASE("by choices alone the ordering lesson's reader avoids the reordering, and has it again") {
  const auto bench = bench_of("ordering.json");
  Person person(*bench);
  REQUIRE_FALSE(in_order(*bench));
  // The first of the four is sent. Its answer, an error, comes before the thread goes on: the others queue up
  // behind its retry.
  const std::size_t sent =
      first_of(*bench, EventKind::request_sent, first_of(*bench, EventKind::record_completed));
  do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(sent) + 1);
  person.press(key_of('Z'));
  choose(person, "arrives at node 1");
  choose(person, "finishes");
  choose(person, "The response to");
  CHECK(in_order(*bench));
  const auto avoided = events_of(*bench);
  // Saved and opened again it is the same run.
  const test::TemporaryFolder folder("choices");
  const test::WithVariable data("XDG_DATA_HOME", folder.path().string());
  person.press({key_of('S'), true, false});
  auto session = run::open_session(bench->menu().back().path);
  REQUIRE(session);
  Workbench again(std::move(*session));
  again.finish_work();
  CHECK(events_of(again) == avoided);
  while (!bench->session().by_hand().orders.empty()) person.press(Chord{key_of('Z'), true, false});
  CHECK_FALSE(in_order(*bench));
}

}  // namespace
}  // namespace sendscope::ui
