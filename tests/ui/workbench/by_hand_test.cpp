// What is done by hand: orders in the past, undo and redo, the list of what was ordered.
#include <algorithm>

#include "core/model/queries.h"
#include "sim/run/sim_session.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/bench.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::click;
using test::do_verb;
using test::hits_of;
using test::kBenchH;
using test::kBenchW;
using test::middle;
using test::press_key;
using test::run_on;
using test::scene_of;

// Opens the menu of the thing where it is drawn and takes the entry that does this.
void order_on(Workbench& bench, const Subject& subject, std::string_view verb) {
  const Scene scene = scene_of(bench);
  const auto box = std::find_if(scene.hits.rbegin(), scene.hits.rend(),
                                [&](const Hit& hit) { return hit.subject == subject; });
  REQUIRE(box != scene.hits.rend());
  click(bench, middle(box->box), PointerButton::kRight);
  for (const Hit& choice : hits_of(scene_of(bench), "fault.choice")) {
    if (sim::verb_of(choice.click.fault->action) != verb) continue;
    click(bench, middle(choice.box));
    run_on(bench);
    return;
  }
  FAIL("it is not offered");
}

void order_on_node(Workbench& bench, NodeId node, std::string_view verb) {
  order_on(bench, node_subject(node), verb);
}

std::vector<Event> events_of(const Workbench& bench) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < bench.log().size(); ++i) events.push_back(bench.log()[i]);
  return events;
}

std::string notice_of(Workbench& bench) {
  for (const Hit& hit : hits_of(scene_of(bench), "notice")) return hit.tip;
  return "";
}

std::vector<Nanos> begun(const Workbench& bench) {
  std::vector<Nanos> times;
  for (const Event& event : events_of(bench)) {
    if (event.kind == EventKind::fault_began) times.push_back(event.t);
  }
  return times;
}

constexpr Nanos kEarly = 100 * kNanosPerMilli, kLate = 300 * kNanosPerMilli;
constexpr Chord kUndoKey{key_of('Z'), true, false}, kRedoKey{key_of('Y'), true, false},
    kOtherRedoKey{key_of('Z'), true, true};

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
  run_on(*bench);
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
    run_on(*bench);
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
  order_on_node(*bench, 3, sim::Pause::kVerb);  // what was undone is gone now
  const auto other = events_of(*bench);
  CHECK(after(kRedoKey) == other);
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
  run_on(*bench);
  CHECK(bench->cursor().t == kLate + 50);
  REQUIRE(bench->session().by_hand().orders.size() == 2);
  // They stand in order of time.
  CHECK(sim::part_of<sim::NodeFilter>(bench->session().by_hand().orders[0].fault.action)->node == 3);
  CHECK(bench->session().by_hand().orders[1].fault.at == kLate + 50);

  press_key(*bench, kUndoKey);
  click(*bench, middle(words()[2].box));
  run_on(*bench);
  CHECK(events_of(*bench) == one);
  click(*bench, middle(words()[0].box));
  run_on(*bench);
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
  run_on(again);
  CHECK(events_of(again) == events_of(*bench));
  CHECK(again.session().info().title == bench->session().info().title);
}

TEST_CASE(
    "a setting is typed into the palette, the run is another one from its start, and undo brings it back") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kEarly);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const auto paused = events_of(*bench);
  const std::string owner = bench->session().info().producers.front();
  const auto choose = [&](const std::string& typed) {
    bench->view().palette_text = typed;
    const auto entries = bench->palette();
    REQUIRE_FALSE(entries.empty());
    bench->view().palette_open = false;
    bench->act(entries.front().action, kBenchW, kBenchH);
    run_on(*bench);
  };
  const auto linger = [&] {
    History history(bench->log());
    return std::string(config_text(history.latest(), bench->log().strings(), 0, "linger.ms"));
  };
  const std::string before = linger();
  press_key(*bench, {key_of('P'), true, true});
  choose(owner + " linger.ms");
  CHECK(bench->view().palette_open);
  choose("abc");
  CHECK(bench->view().palette_open);  // it can be typed again
  CHECK(notice_of(*bench).find("linger.ms") != std::string::npos);
  CHECK(events_of(*bench) == paused);
  choose("77");
  CHECK_FALSE(bench->view().palette_open);
  CHECK(notice_of(*bench).empty());
  CHECK(bench->cursor().t == kEarly);
  CHECK(linger() == "77");
  CHECK(hits_of(scene_of(*bench), "setting.chip").size() == 1);
  // Once more, by its chip and a preset: one edit of a setting.
  click(*bench, middle(hits_of(scene_of(*bench), "setting.chip")[0].box));
  choose("5");
  CHECK(bench->session().by_hand().edits.size() == 1);
  const auto edited = events_of(*bench);

  const test::TemporaryFolder folder("by-hand");
  const test::WithVariable data("XDG_DATA_HOME", folder.path().string());
  press_key(*bench, {key_of('S'), true, false});
  auto session = run::open_session(bench->menu().back().path);
  REQUIRE(session);
  Workbench again(std::move(*session));
  run_on(again);
  CHECK(events_of(again) == edited);
  CHECK(hits_of(scene_of(again), "setting.chip").empty());

  do_verb(*bench, Verb::kTab, static_cast<int>(BottomTab::kByHand));
  CHECK(hits_of(scene_of(*bench), "by_hand.edit").size() == 1);
  click(*bench, middle(hits_of(scene_of(*bench), "by_hand.do")[0].box));
  run_on(*bench);
  CHECK(events_of(*bench) == paused);
  for (int i = 0; i < 4; ++i) press_key(*bench, kUndoKey);
  run_on(*bench);
  CHECK(events_of(*bench) == plain);
  CHECK(linger() == before);
  CHECK(hits_of(scene_of(*bench), "setting.chip").empty());
}

TEST_CASE("the producer's inspector lists what is set and leads to all other settings") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kSeek, kEarly);
  bench->act(select_action({SubjectKind::kProducer, 0}), kBenchW, kBenchH);
  const auto facts = hits_of(scene_of(*bench), "fact");
  const auto leads_to = [&](Verb verb) {
    return std::find_if(facts.begin(), facts.end(), [&](const Hit& hit) { return hit.click.verb == verb; });
  };
  REQUIRE(leads_to(Verb::kSetting) != facts.end());
  REQUIRE(leads_to(Verb::kSearch) != facts.end());
  click(*bench, middle(leads_to(Verb::kSearch)->box));
  CHECK(bench->view().palette_open);
  CHECK(bench->palette().size() > 50);
  do_verb(*bench, Verb::kClose);
  click(*bench, middle(leads_to(Verb::kSetting)->box));
  CHECK(bench->view().setting);
  press_key(*bench, {key_of(';'), false, false});  // closes it
  press_key(*bench, {key_of(';'), false, false});
  CHECK_FALSE(bench->view().setting);
}

TEST_CASE(
    "topics, brokers, links and the profile can be changed as well; an order without its partition is "
    "dropped") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  const auto change = [&](const std::string& owner, const std::string& name, const std::string& value) {
    const auto settings = bench->session().settings();
    const auto at = std::find_if(settings.begin(), settings.end(), [&](const sim::Setting& one) {
      return one.owner == owner && one.name == name;
    });
    REQUIRE(at != settings.end());
    Action action = act(Verb::kSettingSet, at - settings.begin());
    action.text = value;
    bench->act(action, kBenchW, kBenchH);
    run_on(*bench);
    return notice_of(*bench);
  };
  CHECK(change("links", "latency", "9ms").empty());
  const auto slower = events_of(*bench);
  CHECK(slower != plain);
  CHECK(change("brokers", "num.io.threads", "1").empty());
  CHECK(change("brokers", "num.io.threads", "lots").find("num.io.threads") != std::string::npos);
  do_verb(*bench, Verb::kClose);
  CHECK(change("scenario", "profile", "kafka-3.9").empty());
  CHECK(bench->session().info().profile == "kafka-3.9");
  CHECK(bench->session().by_hand().edits.size() == 3);
}

}  // namespace
}  // namespace sendscope::ui
