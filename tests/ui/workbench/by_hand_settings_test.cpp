// Settings that are changed by hand: from the start, or from the cursor on where Kafka can.
#include <algorithm>

#include "core/model/queries.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/by_hand.h"

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
using test::order_on_node;
using test::press_key;
using test::scene_of;

constexpr Nanos kSomewhere = 100 * kNanosPerMilli;

TEST_CASE(
    "a setting is typed into the palette, the run is another one from its start, and undo brings it back") {
  const auto bench = bench_of("slow-broker.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kSeek, kSomewhere);
  order_on_node(*bench, 3, sim::Pause::kVerb);
  const auto paused = events_of(*bench);
  const std::string owner = bench->session().info().producers.front();
  const auto choose = [&](const std::string& typed) {
    bench->view().palette_text = typed;
    const auto entries = bench->palette();
    REQUIRE_FALSE(entries.empty());
    bench->view().palette_open = false;
    bench->act(entries.front().action, kBenchW, kBenchH);
    bench->finish_work();
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
  CHECK(bench->cursor().t == kSomewhere);
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
  again.finish_work();
  CHECK(events_of(again) == edited);
  CHECK(hits_of(scene_of(again), "setting.chip").empty());

  do_verb(*bench, Verb::kTab, static_cast<int>(BottomTab::kByHand));
  CHECK(hits_of(scene_of(*bench), "by_hand.edit").size() == 1);
  click(*bench, middle(hits_of(scene_of(*bench), "by_hand.do")[0].box));
  bench->finish_work();
  CHECK(events_of(*bench) == paused);
  for (int i = 0; i < 4; ++i) press_key(*bench, kUndoKey);
  bench->finish_work();
  CHECK(events_of(*bench) == plain);
  CHECK(linger() == before);
  CHECK(hits_of(scene_of(*bench), "setting.chip").empty());
}

TEST_CASE("the producer's inspector lists what is set and leads to all other settings") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kSeek, kSomewhere);
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

std::vector<Hit> choices_of(Workbench& bench, std::string_view words) {
  std::vector<Hit> found;
  for (const Hit& hit : hits_of(scene_of(bench), "fact.choice")) {
    if (hit.tip.find(words) != std::string::npos) found.push_back(hit);
  }
  return found;
}

TEST_CASE("the settings that lessons turn most are one click away, each with its values") {
  for (const char* file : {"slow-broker.json", "version-profiles.json"}) {
    const auto bench = bench_of(file);
    do_verb(*bench, Verb::kEnd);
    const std::size_t count = bench->session().info().producers.size();
    for (std::size_t producer = 0; producer < count; ++producer) {
      const std::string name = bench->session().info().producers[producer];
      bench->act(select_action({SubjectKind::kProducer, producer}), kBenchW, kBenchH);
      CHECK(choices_of(*bench, name + " linger.ms").size() == 3);
      CHECK(choices_of(*bench, name + " acks").size() == 3);
      CHECK(choices_of(*bench, name + " enable.idempotence").size() == 2);
      CHECK(choices_of(*bench, name + " profile").size() == 4);
      const auto before = events_of(*bench);
      click(*bench, middle(choices_of(*bench, name + " linger.ms = 50")[0].box));
      bench->finish_work();
      CHECK(events_of(*bench) != before);
      CHECK(bench->session().by_hand().edits.back().value == "50");
    }
    CHECK(bench->session().by_hand().edits.size() == count);
  }
}

TEST_CASE(
    "what Kafka can change at run time is changed from the cursor on, and the run before it is as it was") {
  const auto bench = bench_of("acks-and-min-isr.json");
  const auto plain = events_of(*bench);
  do_verb(*bench, Verb::kSeek, plain.back().t / 2);
  const std::size_t before = bench->cursor().events;
  press_key(*bench, {key_of(';'), false, false});
  bench->view().palette_text = "orders min.insync.replicas";
  auto entries = bench->palette();
  REQUIRE_FALSE(entries.empty());
  bench->act(entries.front().action, kBenchW, kBenchH);
  REQUIRE(bench->view().setting);
  const auto choose = [&](const std::string& typed) {
    bench->view().palette_text = typed;
    entries = bench->palette();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].action.verb == Verb::kSettingSet);
    CHECK(entries[1].action.verb == Verb::kSettingFromNow);
    bench->view().palette_open = false;
    bench->act(entries[1].action, kBenchW, kBenchH);
    bench->finish_work();
  };
  choose("none");
  CHECK(notice_of(*bench).find("min.insync.replicas") != std::string::npos);
  CHECK(bench->view().palette_open);
  CHECK(events_of(*bench) == plain);
  choose("3");
  CHECK(notice_of(*bench).empty());
  REQUIRE(bench->session().by_hand().orders.size() == 1);
  const auto changed = events_of(*bench);
  CHECK(std::equal(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(before), changed.begin()));
  CHECK(std::count_if(changed.begin(), changed.end(),
                      [](const Event& event) { return event.kind == EventKind::topic_config_set; }) == 1);
  bench->act(select_action(partition_subject(0)), kBenchW, kBenchH);
  const auto facts = hits_of(scene_of(*bench), "fact");
  CHECK(std::any_of(facts.begin(), facts.end(),
                    [](const Hit& hit) { return hit.tip.starts_with("min.insync.replicas\t3"); }));
  press_key(*bench, kUndoKey);
  bench->finish_work();
  CHECK(events_of(*bench) == plain);
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
    bench->finish_work();
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
