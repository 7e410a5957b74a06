// What is done by hand: orders in the past, undo and redo, the list of what was ordered.
#include "tests/ui/workbench/by_hand.h"

#include <algorithm>

#include "sim/run/sim_session.h"
#include "tests/support/temporary_folder.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::click;
using test::do_verb;
using test::events_of;
using test::hits_of;
using test::kBenchH;
using test::kBenchW;
using test::kUndoKey;
using test::middle;
using test::notice_of;
using test::order_on;
using test::order_on_node;
using test::press_key;
using test::scene_of;

std::vector<Nanos> begun(const Workbench& bench) {
  std::vector<Nanos> times;
  for (const Event& event : events_of(bench)) {
    if (event.kind == EventKind::fault_began) times.push_back(event.t);
  }
  return times;
}

constexpr Nanos kEarly = 100 * kNanosPerMilli, kLate = 300 * kNanosPerMilli;
constexpr Chord kRedoKey{key_of('Y'), true, false}, kOtherRedoKey{key_of('Z'), true, true};

TEST_CASE("an order in the past keeps the later ones") {
  const auto bench = bench_of("slow-broker.json");
  const std::size_t own = begun(*bench).size();
  do_verb(*bench, Verb::kSeek, kLate);
  order_on_node(*bench, 2, sim::Pause::kVerb);
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  CHECK(bench->cursor().t == kEarly);
  CHECK(begun(*bench).size() == own + 2);
  const auto times = begun(*bench);
  CHECK(std::count(times.begin(), times.end(), kEarly) == 1);
  CHECK(std::count(times.begin(), times.end(), kLate) == 1);
  CHECK(notice_of(*bench).empty());
}

TEST_CASE("an order that another one leaves nothing to act on is dropped, told, and back after an undo") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 319'504'000);
  // The newest request in flight: an earlier pause lets it never be sent.
  History history(bench->log());
  RequestId newest = 0;
  for (const auto& [id, request] : history.model_at(bench->cursor().events).producers[0].requests)
    if (request.in_flight) newest = id;
  order_on(*bench, request_subject(newest), sim::Delay::kVerb);
  const auto first = events_of(*bench);
  REQUIRE(bench->session().by_hand().orders.size() == 1);
  const sim::FaultAction action = bench->session().by_hand().orders[0].fault.action;
  const NodeId node = *sim::part_of<sim::NodeFilter>(action)->node;
  do_verb(*bench, Verb::kSeek, 20 * kNanosPerMilli);
  order_on_node(*bench, node, sim::Kill::kVerb);
  const auto& orders = bench->session().by_hand().orders;
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].dropped.empty());
  CHECK(orders[1].dropped.starts_with("request "));
  CHECK(notice_of(*bench).find(orders[1].dropped) != std::string::npos);
  CHECK(notice_of(*bench).find(sim::describe(orders[1].fault)) != std::string::npos);
  const auto times = begun(*bench);
  CHECK(std::count(times.begin(), times.end(), 319'504'000) == 0);
  do_verb(*bench, Verb::kTab, static_cast<int>(BottomTab::kByHand));
  const auto rows = hits_of(scene_of(*bench), "by_hand.order");
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].tip.find(orders[1].dropped) != std::string::npos);
  press_key(*bench, kUndoKey);
  bench->finish_work();
  CHECK(bench->session().by_hand().orders[0].dropped.empty());
  CHECK(events_of(*bench) == first);
}

TEST_CASE("undo and redo go back and forth through all that was ordered, and the cursor stays") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 2, sim::Pause::kVerb);
  const auto one = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kLate);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const auto two = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kLate + 1);
  const auto after = [&](const Chord& key) {
    press_key(*bench, key);
    CHECK(bench->cursor().t == kLate + 1);
    bench->finish_work();
    CHECK(bench->cursor().t == kLate + 1);
    return events_of(*bench);
  };
  CHECK(after(kUndoKey) == one);
  CHECK(after(kUndoKey) == plain);
  CHECK(after(kUndoKey) == plain);
  CHECK_FALSE(notice_of(*bench).empty());
  CHECK(after(kRedoKey) == one);
  CHECK(notice_of(*bench).empty());
  CHECK(after(kOtherRedoKey) == two);
  CHECK(after(kRedoKey) == two);
  CHECK_FALSE(notice_of(*bench).empty());
  CHECK(after(kUndoKey) == one);
  order_on_node(*bench, 3, sim::Pause::kVerb);  // a branch beside what was undone
  const auto other = events_of(*bench);
  CHECK(after(kRedoKey) == other);
  const Chord next_branch{key_of('B'), true, false};
  CHECK(after(next_branch) == two);
  CHECK(after(next_branch) == other);
  CHECK(after(kUndoKey) == one);
  CHECK(after(kRedoKey) == other);  // to where one came from
}

TEST_CASE("what was undone is kept as a branch that says what it differs in, and a click goes there") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kTab, static_cast<int>(BottomTab::kByHand));
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 2, sim::Pause::kVerb);
  do_verb(*bench, Verb::kSeek, kLate);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const auto both = events_of(*bench);
  CHECK(hits_of(scene_of(*bench), "by_hand.branch").empty());
  for (int i = 0; i < 2; ++i) press_key(*bench, kUndoKey);
  bench->finish_work();
  auto branches = hits_of(scene_of(*bench), "by_hand.branch");
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].tip.find("with pause node 2 at 100.000 ms; pause node 3 at 300.000 ms") !=
        std::string::npos);
  order_on_node(*bench, 1, sim::Kill::kVerb);
  const auto other = events_of(*bench);
  branches = hits_of(scene_of(*bench), "by_hand.branch");
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].tip.find("without kill node 1 at 300.000 ms") != std::string::npos);
  click(*bench, middle(branches[0].box));
  bench->finish_work();
  CHECK(events_of(*bench) == both);
  branches = hits_of(scene_of(*bench), "by_hand.branch");
  REQUIRE(branches.size() == 1);
  click(*bench, middle(branches[0].box));
  bench->finish_work();
  CHECK(events_of(*bench) == other);
}

Action pause_order(NodeId node) {
  Action fault = act(Verb::kFault);
  fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Pause{{node}}});
  return fault;
}

TEST_CASE(
    "a run that begins anew does so in slices, is told of, and what is ordered meanwhile comes after it") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kEnd);
  do_verb(*bench, Verb::kSeek, bench->cursor().t - 1);
  const Nanos here = bench->cursor().t;
  bench->act(pause_order(2), kBenchW, kBenchH);
  REQUIRE(bench->session().renewed_to());
  bench->act(pause_order(3), kBenchW, kBenchH);
  press_key(*bench, kUndoKey);
  press_key(*bench, kRedoKey);
  int slices = 0;
  bool told = false;
  for (Nanos reached = 0; bench->session().renewed_to(); ++slices) {
    if (bench->session().by_hand().orders.empty()) {
      CHECK(*bench->session().renewed_to() >= reached);
      CHECK(events_of(*bench).size() == plain.size());
      reached = *bench->session().renewed_to();
    }
    told = told || !hits_of(scene_of(*bench), "renewing").empty();
    CHECK(bench->cursor().t == here);
    bench->work([] { return false; });
  }
  CHECK(slices > 20);
  CHECK(told);
  CHECK(hits_of(scene_of(*bench), "renewing").empty());
  CHECK(bench->session().by_hand().orders.size() == 2);
  bench->finish_work();
  CHECK(begun(*bench).size() == 2);
}

TEST_CASE("the list of what was ordered goes to a moment, moves an order and removes it") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kTab, static_cast<int>(BottomTab::kByHand));
  CHECK(hits_of(scene_of(*bench), "by_hand.order").empty());
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 2, sim::Pause::kVerb);
  const auto one = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kLate);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const auto rows = hits_of(scene_of(*bench), "by_hand.order");
  REQUIRE(rows.size() == 2);
  click(*bench, {rows[0].box.x + 100, rows[0].box.middle_y()});
  CHECK(bench->cursor().t == kEarly);

  // The words of a row: its ✗, then its move, row by row.
  const auto words = [&] { return hits_of(scene_of(*bench), "by_hand.do"); };
  REQUIRE(words().size() == 4);
  do_verb(*bench, Verb::kSeek, kLate + 50);
  click(*bench, middle(words()[1].box));
  bench->finish_work();
  CHECK(bench->cursor().t == kLate + 50);
  REQUIRE(bench->session().by_hand().orders.size() == 2);
  // They stand in order of time.
  CHECK(sim::part_of<sim::NodeFilter>(bench->session().by_hand().orders[0].fault.action)->node == 3);
  CHECK(bench->session().by_hand().orders[1].fault.at == kLate + 50);

  press_key(*bench, kUndoKey);
  bench->finish_work();
  click(*bench, middle(words()[2].box));
  bench->finish_work();
  CHECK(events_of(*bench) == one);
  click(*bench, middle(words()[0].box));
  bench->finish_work();
  CHECK(events_of(*bench) == plain);
  CHECK(words().empty());
}

TEST_CASE("what was done by hand is saved, stands in the menu, and opened again it is the same run") {
  const test::TemporaryFolder folder("by-hand");
  const test::WithVariable data("XDG_DATA_HOME", folder.path().string());
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kSeek, kLate);
  order_on_node(*bench, 2, sim::Pause::kVerb);
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const std::size_t before = bench->menu().size();
  press_key(*bench, {key_of('S'), true, false});
  REQUIRE(hits_of(scene_of(*bench), "news").size() == 1);
  REQUIRE(bench->menu().size() == before + 1);
  const std::string path = bench->menu().back().path;
  CHECK(hits_of(scene_of(*bench), "news")[0].tip.find(path) != std::string::npos);
  press_key(*bench, {key_of('O'), true, false});
  CHECK(hits_of(scene_of(*bench), "news").empty());
  const auto items = hits_of(scene_of(*bench), "menu.item");
  REQUIRE(items.size() == before + 1);
  click(*bench, middle(items.back().box));
  CHECK(bench->take_open() == before);
  auto session = run::open_session(path);
  REQUIRE(session);
  Workbench again(std::move(*session));
  again.finish_work();
  CHECK(events_of(again) == events_of(*bench));
  CHECK(again.session().info().title == bench->session().info().title);
}

}  // namespace
}  // namespace sendscope::ui
