// The first five minutes of a newcomer who acts: follows a record, changes a setting, slows a broker, kills
// one, toggles idempotence, and finds the lesson for an error; with the mouse, the keys and the search.
#include "core/model/queries.h"
#include "tests/ui/workbench/by_hand.h"
#include "tests/ui/workbench/person.h"
#include "ui/window/scenario_menu.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::events_of;
using test::kUndoKey;
using test::order_on_node;
using test::Person;

std::size_t count_of(Workbench& bench, EventKind kind) {
  const auto events = events_of(bench);
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.kind == kind; }));
}

bool holds_at_end(Workbench& bench, const char* text) {
  const PipelineModel model = model_after(bench.log(), bench.log().size());
  return condition(text).evaluate(ModelNames(model, bench.log().strings())).is_true();
}

void change_setting(Person& person, const char* name, const char* value) {
  person.search(name);
  person.press(Key::kEnter);
  person.type(value);
  person.press(Key::kEnter);
}

TEST_CASE("a record is followed from send() to its callback, and its time has its reasons") {
  const auto bench = bench_of("first-send.json");
  Person person(*bench);
  person.search("r1");
  person.press(Key::kEnter);
  CHECK(bench->view().selected == record_subject(1));
  for (int press = 0; press < 100 && !person.reads("acked after"); ++press) {
    const Cursor before = bench->cursor();
    person.press(Key::kRight, true);
    if (bench->cursor() == before) break;
  }
  CHECK(bench->log()[bench->cursor().events - 1].subject == record_subject(1).id);
  person.press(key_of('Y'));
  CHECK(person.reads("waited for linger"));
  CHECK(person.reads("waited for metadata"));
}

TEST_CASE("without linger there are more requests, and undo brings the first run back") {
  const auto bench = bench_of("first-send.json");
  Person person(*bench);
  const auto plain = events_of(*bench);
  const std::size_t requests = count_of(*bench, EventKind::request_batch);
  change_setting(person, "linger.ms", "0");
  CHECK(person.reads("p1 linger.ms 0"));
  CHECK(count_of(*bench, EventKind::request_batch) > requests);
  person.press(kUndoKey);
  CHECK(events_of(*bench) == plain);
}

TEST_CASE("a slow broker fills a small pool: send() waits") {
  const auto bench = bench_of("leader-dies.json");
  Person person(*bench);
  change_setting(person, "buffer.memory", "131072");
  const std::size_t waits = count_of(*bench, EventKind::memory_wait_began);
  do_verb(*bench, Verb::kSeek, 200 * kNanosPerMilli);
  order_on_node(*bench, 2, sim::Slow::kVerb);
  CHECK(count_of(*bench, EventKind::memory_wait_began) > waits);
  person.search("pool.waiting > 0");
  person.press(Key::kEnter);
  CHECK(person.reads("waits for memory"));
}

TEST_CASE("a killed broker makes batches go again") {
  const auto bench = bench_of("acks-one.json");
  Person person(*bench);
  const std::size_t retries = count_of(*bench, EventKind::batch_retried);
  person.search("event('request_sent', api='Produce')");
  person.press(Key::kEnter);
  order_on_node(*bench, 1, sim::Kill::kVerb);
  CHECK(count_of(*bench, EventKind::batch_retried) > retries);
  person.press(kUndoKey);
  CHECK(count_of(*bench, EventKind::batch_retried) == retries);
}

TEST_CASE("idempotence keeps the order that retries break") {
  const auto bench = bench_of("ordering.json");
  Person person(*bench);
  CHECK(holds_at_end(*bench, "not partition('orders-0').log.in_order"));
  change_setting(person, "enable.idempotence", "true");
  CHECK(person.reads("p1 enable.idempotence true"));
  CHECK(holds_at_end(*bench, "partition('orders-0').log.in_order and acked == 5"));
}

TEST_CASE("a pasted error finds the lessons that show it, and opens one") {
  auto session = run::open_session(test::repository("scenarios/first-send.json"));
  REQUIRE(session);
  Workbench bench(std::move(*session), scenario_menu());
  bench.finish_work();
  Person person(bench);
  person.search("Expiring 12 record(s)");
  const auto entries = bench.palette();
  const auto lesson = std::find_if(entries.begin(), entries.end(), [](const PaletteEntry& entry) {
    return entry.action.verb == Verb::kOpen;
  });
  REQUIRE(lesson != entries.end());
  bench.view().palette_row = static_cast<int>(lesson - entries.begin());
  person.press(Key::kEnter);
  const auto opened = bench.take_open();
  REQUIRE(opened);
  CHECK(bench.menu()[*opened].path.ends_with("delivery-timeout.json"));
}

}  // namespace
}  // namespace sendscope::ui
