// The search, as a person uses it: types, sees what there is, chooses, and goes from hit to hit.
#include <algorithm>
#include <set>

#include "core/event/narration.h"
#include "core/model/queries.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

std::unique_ptr<Workbench> bench_at(const std::string& file, Nanos t) {
  auto bench = bench_of(file);
  do_verb(*bench, Verb::kSeek, t);
  return bench;
}

std::string top_answer(Workbench& bench) {
  const auto entries = bench.palette();
  return entries.empty() ? "" : entries.front().label;
}

TEST_CASE("a thing is found by what it is called, wherever the cursor stands") {
  const auto [text, subject] = GENERATE(
      std::pair("r7", record_subject(make_id(0, 7))), std::pair("record 7", record_subject(make_id(0, 7))),
      std::pair("batch 3", batch_subject(make_id(0, 3))), std::pair("#3", batch_subject(make_id(0, 3))),
      std::pair("request 3", request_subject(make_id(0, 3))), std::pair("node 1", node_subject(1)),
      std::pair("images-0", partition_subject(0)), std::pair("p1", producer_subject(0)),
      std::pair("app-1", thread_subject(0)));
  for (const Nanos at : {Nanos{1'000'000}, Nanos{900'000'000}}) {
    const auto bench = bench_at("backpressure.json", at);
    Person person(*bench);
    person.search(text);
    person.press(Key::kEnter);
    INFO(text << " at " << at);
    CHECK(describe(bench->view().selected, bench->log()) == describe(subject, bench->log()));
    CHECK_FALSE(bench->view().palette_open);
  }
}

TEST_CASE("a setting comes before the events that say its name, and one event is told as one") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  person.search("linger.ms");
  const auto entries = bench->palette();
  REQUIRE(entries.size() >= 2);
  CHECK(entries[0].label == "p1 linger.ms");
  CHECK(entries[1].label.starts_with("Events that say"));
  CHECK(entries[1].hint == "1 event");
  person.press(Key::kEnter);
  CHECK(bench->view().palette_open);  // it asks for the value
  person.type("50");
  person.press(Key::kEnter);
  CHECK_FALSE(bench->view().palette_open);
  CHECK(person.all("setting.chip").size() == 1);
}

TEST_CASE("the batches of that number of all producers are offered") {
  const auto bench = bench_at("zombie-fenced.json", 900'000'000);
  Person person(*bench);
  person.search("batch 1");
  std::set<std::uint64_t> ids;
  for (const PaletteEntry& entry : bench->palette()) {
    if (entry.action.subject.kind == SubjectKind::kBatch) ids.insert(entry.action.subject.id);
  }
  CHECK(ids.contains(make_id(0, 1)));
  CHECK(ids.contains(make_id(1, 1)));
}

TEST_CASE("what the run does not have is not offered as a thing") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  for (const char* text : {"batch 999999", "node 77", "r0", "batch 18446744073709551617"}) {
    person.search(text);
    INFO(text);
    for (const PaletteEntry& entry : bench->palette()) CHECK_FALSE(is_set(entry.action.subject));
    person.press(Key::kEscape);
  }
}

TEST_CASE("a moment is gone to, by its time and by its number") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  person.search("17ms");
  person.press(Key::kEnter);
  CHECK(bench->cursor().t == 17 * kNanosPerMilli);
  person.search("event 40");
  person.press(Key::kEnter);
  CHECK(bench->cursor().events == 40);
  CHECK(bench->view().found.empty());
}

TEST_CASE("words are found in the sentences; hits are ticks, and keys go from one to the next and back") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  person.search("buffer memory");
  CHECK(top_answer(*bench) ==
        "Events that say \xe2\x80\x9c"
        "buffer memory\xe2\x80\x9d");
  person.press(Key::kEnter);
  const std::vector<std::size_t> found = bench->view().found;
  REQUIRE(found.size() > 2);
  std::size_t said = 0;
  for (std::size_t i = 0; i < bench->log().size(); ++i) {
    const std::string sentence = narrate(bench->log()[i], bench->log().strings(), bench->log().names());
    if (sentence.find("buffer memory") == std::string::npos || is_default_value(bench->log()[i])) continue;
    ++said;
    CHECK(std::find(found.begin(), found.end(), i) != found.end());
  }
  CHECK(said > 2);
  const std::string all = std::to_string(found.size());
  CHECK(bench->cursor().events == found[0] + 1);
  CHECK(person.reads("1 of " + all));
  CHECK(person.all("found").size() > 1);
  person.press(key_of('G'));
  CHECK(bench->cursor().events == found[1] + 1);
  CHECK(person.reads("2 of " + all));
  person.press(key_of('G'));
  person.press(key_of('G'), true);
  CHECK(bench->cursor().events == found[1] + 1);
  do_verb(*bench, Verb::kStep);  // past it
  person.press(key_of('G'), true);
  CHECK(bench->cursor().events == found[1] + 1);
  person.click(person.all("found").back().box);
  CHECK(std::find(found.begin(), found.end(), bench->cursor().events - 1) != found.end());
  person.press(Key::kEscape);
  CHECK(person.all("found").empty());
  CHECK_FALSE(person.reads(" of " + all));
}

TEST_CASE("a second search takes the place of the first; one that is given up does not") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  person.search("drains");
  person.press(Key::kEnter);
  const auto drains = bench->view().found;
  person.search("callback");
  person.press(Key::kEscape);
  CHECK(bench->view().found == drains);
  person.search("callback");
  person.press(Key::kEnter);
  CHECK(bench->view().found != drains);
  CHECK(bench->view().found_text == "callback");
  do_verb(*bench, Verb::kStart);
  person.search("what nobody says");
  CHECK(person.reads("Nothing of this name here."));
}

TEST_CASE("what is typed to Kafka's words finds the events that Kafka says it at") {
  struct Case {
    const char* file;
    const char* text;
    EventKind kind;
  };
  const Case& c = GENERATE(Case{"delivery-timeout.json", "Expiring", EventKind::batch_expired},
                           Case{"delivery-timeout.json",
                                "Expiring 1 record(s) for orders-0:2000 ms has passed since batch creation",
                                EventKind::batch_expired},
                           Case{"one-in-flight.json", "NOT_LEADER", EventKind::batch_retried},
                           Case{"acks-and-min-isr.json", "NotEnoughReplicas", EventKind::batch_retried},
                           Case{"delivery-timeout.json", "TimeoutException", EventKind::batch_completed});
  const auto bench = bench_at(c.file, 0);
  Person person(*bench);
  person.search(c.text);
  person.press(Key::kEnter);
  INFO(c.file << ": " << c.text);
  const auto& found = bench->view().found;
  CHECK(
      std::any_of(found.begin(), found.end(), [&](std::size_t n) { return bench->log()[n].kind == c.kind; }));
}

TEST_CASE("settings are found by their keys, lessons and their steps by their words") {
  const auto bench = bench_at("backpressure.json", 900'000'000);
  Person person(*bench);
  const auto offers = [&](std::string_view label, Verb verb) {
    const auto entries = bench->palette();
    return std::any_of(entries.begin(), entries.end(), [&](const PaletteEntry& entry) {
      return entry.label.find(label) != std::string::npos && entry.action.verb == verb;
    });
  };
  person.search("max.block");
  CHECK(offers("p1 max.block.ms", Verb::kSetting));
  CHECK_FALSE(offers("max.block.ms = 500", Verb::kSelect));  // one row for one thing
  person.press(Key::kEscape);
  const run::LessonStep& step = bench->session().lesson()[1];
  person.search(step.heading);
  CHECK(offers(step.heading, Verb::kLesson));
  person.press(Key::kEscape);
  person.search("first");  // the summary of the other scenario
  CHECK(offers("One", Verb::kOpen));
}

TEST_CASE("a condition goes to the first moment at which it holds, and on to the next") {
  const auto bench = bench_at("backpressure.json", 900'000'000);
  Person person(*bench);
  person.search("pool.free < 30%");
  CHECK(person.reads("first at "));
  person.press(Key::kEnter);
  const std::size_t at = bench->cursor().events;
  REQUIRE(at > 1);
  const auto holds = [&](std::size_t events) {
    const PipelineModel model = model_after(bench->log(), events);
    return condition("pool.free < 30%").holds(ModelNames(model, bench->log().strings()));
  };
  CHECK(holds(at));
  for (std::size_t n = 1; n < at; ++n) REQUIRE_FALSE(holds(n));
  person.press(key_of('G'));
  CHECK(bench->cursor().events > at);
  CHECK(holds(bench->cursor().events));
  CHECK_FALSE(holds(bench->cursor().events - 1));
}

TEST_CASE("what is wrong with an expression is said while it is typed, with its place; it loses nothing") {
  const auto bench = bench_at("backpressure.json", 0);
  Person person(*bench);
  person.search("pool.fre < 3");
  CHECK(person.reads("did you mean 'pool.free'?"));
  CHECK(person.reads("column 1"));
  person.press(Key::kEnter);
  CHECK(bench->view().palette_open);
  CHECK(bench->view().palette_text == "pool.fre < 3");
  for (int i = 0; i < 4; ++i) person.press(Key::kBackspace);
  person.type("e == 64KiB");
  CHECK(top_answer(*bench) == "pool.free == 64KiB");
}

TEST_CASE("the value of a name is told for the moment of the cursor") {
  const auto bench = bench_at("backpressure.json", 900'000'000);
  Person person(*bench);
  person.search("acked");
  const PipelineModel model = model_after(bench->log(), bench->cursor().events);
  CHECK(top_answer(*bench) == "acked = " + std::to_string(model.producers[0].acked));
}

TEST_CASE("a fault in the past searches anew") {
  const auto bench = bench_at("leader-dies.json", 100 * kNanosPerMilli);
  Person person(*bench);
  person.search("is killed");
  person.press(Key::kEnter);
  const std::size_t before = bench->view().found.size();
  do_verb(*bench, Verb::kSeek, 100 * kNanosPerMilli);
  Action fault = act(Verb::kFault);
  fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Kill{{3}}});
  bench->act(fault, test::kBenchW, test::kBenchH);
  person.settle();
  CHECK(bench->view().found.size() == before + 1);
  for (const std::size_t n : bench->view().found) CHECK(n < bench->log().size());
}

}  // namespace
}  // namespace sendscope::ui
