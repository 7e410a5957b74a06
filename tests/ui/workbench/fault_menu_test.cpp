// Every fault verb is within a click: what is offered is taken, and happens.
#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

std::set<std::string> all_verbs() {
  std::set<std::string> verbs;
  const auto add = [&]<typename... Verbs>(std::variant<Verbs...>*) {
    (verbs.insert(std::string(Verbs::kVerb)), ...);
  };
  add(static_cast<sim::FaultAction*>(nullptr));
  return verbs;
}

// Things of every kind that are there at the cursor.
std::vector<Subject> things_at(const Workbench& bench) {
  const PipelineModel model = model_after(bench.log(), bench.cursor().events);
  std::vector<Subject> things{{}};
  for (const auto& [node, broker] : model.brokers) things.push_back(node_subject(node));
  for (std::size_t i = 0; i < model.producers.size(); ++i) things.push_back(producer_subject(i));
  for (std::size_t i = 0; i < model.partitions.size(); ++i)
    things.push_back(partition_subject(static_cast<PartitionIndex>(i)));
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, request] : producer.requests) things.push_back(request_subject(id));
    for (const auto& [id, batch] : producer.batches) {
      things.push_back(batch_subject(id));
      for (const RecordModel& record : batch.records) things.push_back(record_subject(record.id));
    }
  }
  for (std::size_t i = 0; i < model.threads.size(); ++i)
    things.push_back(thread_subject(static_cast<std::uint16_t>(i)));
  return things;
}

// Opens the thing's menu by its key, and clicks the entry of the verb; false: it is not offered.
bool break_by_hand(Workbench& bench, Person& person, const Subject& thing, std::string_view verb) {
  bench.act(select_action(thing), test::kBenchW, test::kBenchH);
  person.press(key_of('X'));
  for (int page = 0; page < 6; ++page) {
    for (const Hit& choice : person.all("fault.choice")) {
      if (sim::verb_of(choice.click.fault->action) != verb) continue;
      person.click(choice.box);
      return true;
    }
    if (person.all("fault.choice").empty()) break;
    person.wheel(person.all("fault.choice").front().box, -3);
  }
  person.press(Key::kEscape);
  return false;
}

std::vector<std::string> verbs_begun(const Workbench& bench) {
  std::vector<std::string> verbs;
  for (std::size_t i = 0; i < bench.log().size(); ++i) {
    if (bench.log()[i].kind == EventKind::fault_began)
      verbs.emplace_back(bench.log().strings().view(bench.log()[i].a));
  }
  return verbs;
}

bool happens(const std::string& verb, Nanos at) {
  const auto bench = bench_of("acks-and-min-isr.json");
  do_verb(*bench, Verb::kSeek, at);
  Person person(*bench);
  // What undoes something needs something to undo.
  const std::map<std::string, std::string> first{
      {"restart", "kill"}, {"resume", "pause"}, {"expand_isr", "shrink_isr"}};
  const auto undone = first.find(verb);
  for (const Subject& thing : things_at(*bench)) {
    if (undone != first.end() && !break_by_hand(*bench, person, thing, undone->second)) continue;
    const auto before = verbs_begun(*bench);
    if (undone != first.end()) do_verb(*bench, Verb::kSeek, at + 1);
    if (!break_by_hand(*bench, person, thing, verb)) continue;
    CHECK(person.all("notice").empty());
    const auto after = verbs_begun(*bench);
    return std::count(after.begin(), after.end(), verb) > std::count(before.begin(), before.end(), verb);
  }
  return false;
}

TEST_CASE("each fault verb is offered by some thing, and what is clicked happens") {
  CHECK(all_verbs().size() == 19);
  for (const std::string& verb : all_verbs()) {
    if (verb == sim::Set::kVerb || verb == sim::Next::kVerb)
      continue;  // settings and the tab Next order them
    INFO(verb);
    CHECK(happens(verb, 30 * kNanosPerMilli));
  }
}

TEST_CASE("whatever is selected, something can be done to it or to what it belongs to") {
  const auto [file, at] = GENERATE(std::pair("backpressure.json", Nanos{330'000'000}),
                                   std::pair("acks-and-min-isr.json", Nanos{30'000'000}),
                                   std::pair("zombie-fenced.json", Nanos{60'000'000}));
  const auto bench = bench_of(file);
  do_verb(*bench, Verb::kSeek, at);
  Person person(*bench);
  for (const Subject& thing : things_at(*bench)) {
    INFO(file << ": " << describe(thing, bench->log()));
    bench->act(select_action(thing), test::kBenchW, test::kBenchH);
    person.press(key_of('X'));
    CHECK_FALSE(person.all("fault.choice").empty());
    person.press(Key::kEscape);
  }
}

TEST_CASE("a right click on a thread and on a record breaks what they belong to") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 330 * kNanosPerMilli);
  Person person(*bench);
  std::size_t opened = 0;
  for (const std::string_view part : {"thread", "callback", "producer.tab", "sender"}) {
    const auto found = person.all(part);
    if (found.empty()) continue;
    INFO(part);
    person.click(found.front().box, PointerButton::kRight);
    CHECK(bench->view().fault_open);
    CHECK_FALSE(person.all("fault.choice").empty());
    person.press(Key::kEscape);
    ++opened;
  }
  CHECK(opened >= 3);
}

}  // namespace
}  // namespace sendscope::ui
