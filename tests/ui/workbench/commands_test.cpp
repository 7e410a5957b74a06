// Every command does something when asked for by its key and by its row of the palette, and both do the same.
#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

// All of the workbench that a command may change.
std::string state_of(Workbench& bench) {
  const View& v = bench.view();
  std::ostringstream out;
  out << bench.cursor().events << ' ' << bench.cursor().t << ' ' << static_cast<int>(v.selected.kind) << ' '
      << v.selected.id << ' ' << static_cast<int>(v.bottom) << static_cast<int>(v.side) << ' '
      << static_cast<int>(v.axis) << ' ' << v.axis_from << ' ' << v.axis_to << ' ' << v.playing << v.backward
      << ' ' << v.speed << ' ' << v.scale_percent << ' ' << v.presenting.has_value() << v.producer
      << static_cast<int>(v.page) << v.side_by_side << v.pool_reasons << v.light << v.menu_open << v.keys_open
      << v.palette_open << v.fault_open << v.side_open << ' ' << v.bookmarks.size() << ' '
      << bench.wants_quit() << ' ' << bench.take_copy().value_or("") << ' ' << v.found_text << ' '
      << v.found.size() << ' ' << v.read_along << v.idle_lanes << v.folded[0] << v.folded[1] << v.folded[2]
      << ' ' << bench.session().by_hand().orders.size() << ' ' << bench.menu().size() << ' '
      << bench.facts().news.empty();
  for (const auto& [step, prediction] : bench.facts().predictions)
    out << ' ' << step << ' ' << static_cast<int>(prediction.sure) << prediction.answer.options.size();
  return out.str();
}

// Two producers, in the middle of the run, a thing selected and another before it, a bookmark, an event
// found: here every command has something to do.
std::unique_ptr<Workbench> busy_bench(Person*& person, std::unique_ptr<Person>& owner) {
  auto bench = bench_of("zombie-fenced.json");
  owner = std::make_unique<Person>(*bench);
  person = owner.get();
  do_verb(*bench, Verb::kSeek, 50 * kNanosPerMilli);
  do_verb(*bench, Verb::kMarkSet);
  person->search("returns to");
  person->press(Key::kEnter);
  for (const Subject& subject : {thread_subject(0), node_subject(1), batch_subject(1), thread_subject(1)})
    bench->act(select_action(subject), test::kBenchW, test::kBenchH);
  bench->act(act(Verb::kSelectPrevious), test::kBenchW, test::kBenchH);
  do_verb(*bench, Verb::kTimelineZoom, 6);
  do_verb(*bench, Verb::kTimelinePan, 300);
  do_verb(*bench, Verb::kScale, 110);
  bench->view().playing = true;
  return bench;
}

// What a command leads to must not be so already.
void leave_something_to_do(Workbench& bench, const Command& command) {
  if (command.verb == Verb::kPlay || command.verb == Verb::kGoOn) bench.view().playing = false;
  if (command.verb == Verb::kUndo || command.verb == Verb::kRedo || command.verb == Verb::kBranch) {
    Action fault = act(Verb::kFault);
    fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Pause{{1}}});
    bench.act(fault, test::kBenchW, test::kBenchH);
    if (command.verb != Verb::kUndo) do_verb(bench, Verb::kUndo);
  }
  if (command.verb == Verb::kNeighbour)
    bench.act(select_action(thread_subject(command.value < 0 ? 1 : 0)), test::kBenchW, test::kBenchH);
  if (command.verb == Verb::kWhy) bench.view().side = SideTab::kLesson;
  if (command.verb == Verb::kInspect && command.value == 0) do_verb(bench, Verb::kInspect, 1);
  if (command.verb == Verb::kAnswer || command.verb == Verb::kSureness || command.verb == Verb::kPredict) {
    const auto lesson = bench.session().lesson();
    const auto asks =
        std::find_if(lesson.begin(), lesson.end(), [](const auto& step) { return step.question; });
    do_verb(bench, Verb::kLesson, asks - lesson.begin());
  }
  if (command.verb == Verb::kTab && command.value >= 0)
    bench.view().bottom = static_cast<BottomTab>((command.value + 1) % kBottomTabs);
  if (command.verb == Verb::kLessonMove && command.value < 0) {
    do_verb(bench, Verb::kLessonMove, 1);
    do_verb(bench, Verb::kLessonMove, 1);
  }
}

struct Outcome {
  std::string before, after;
};

Outcome by_key(const Command& command, const Chord& chord) {
  Person* person = nullptr;
  std::unique_ptr<Person> owner;
  const auto bench = busy_bench(person, owner);
  leave_something_to_do(*bench, command);
  Outcome outcome{state_of(*bench), {}};
  person->press(chord);
  outcome.after = state_of(*bench);
  return outcome;
}

Outcome by_palette(const Command& command, bool click) {
  Person* person = nullptr;
  std::unique_ptr<Person> owner;
  const auto bench = busy_bench(person, owner);
  leave_something_to_do(*bench, command);
  Outcome outcome{state_of(*bench), {}};
  person->search(command_label(command));
  const auto entries = bench->palette();
  const auto row = std::find_if(entries.begin(), entries.end(), [&](const PaletteEntry& entry) {
    return entry.label == command_label(command);
  });
  REQUIRE(row != entries.end());
  if (click) {
    person->click(person->all("palette.entry").at(static_cast<std::size_t>(row - entries.begin())).box);
  } else {
    for (auto at = entries.begin(); at != row; ++at) person->press(Key::kDown);
    person->press(Key::kEnter);
  }
  outcome.after = state_of(*bench);
  return outcome;
}

TEST_CASE("each command does by key, by palette and by a click in the palette the same, and something") {
  const test::TemporaryFolder folder("commands");
  const test::WithVariable data("XDG_DATA_HOME", folder.path().string());
  for (const Command& command : commands()) {
    INFO(command.name);
    std::string done;
    for (Chord chord : command.keys) {
      if (chord.key == Key::kNone) continue;
      if (chord.key == Key::kNumeral) chord.key = key_of('1');
      const Outcome outcome = by_key(command, chord);
      CHECK(outcome.before != outcome.after);
      done = outcome.after;
    }
    if (!command.listed) continue;
    const Outcome chosen = by_palette(command, false), clicked = by_palette(command, true);
    CHECK(chosen.before != chosen.after);
    CHECK(clicked.after == chosen.after);
    if (command.has_keys()) CHECK(chosen.after == done);
  }
}

TEST_CASE("the palette offers every command but itself, those by numbers and what closes it") {
  for (const Command& command : commands()) {
    const bool apart = command.verb == Verb::kSearch || command.verb == Verb::kMarkJump ||
                       command.verb == Verb::kAnswer || command.verb == Verb::kChoose ||
                       command.verb == Verb::kClose;
    INFO(command.name);
    CHECK(command.listed != apart);
  }
}

TEST_CASE("a click on a thing selects that thing, whatever was selected before") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 330 * kNanosPerMilli);
  Person person(*bench);
  std::set<SubjectKind> kinds;
  const Scene scene = person.look();
  for (const Hit& hit : scene.hits) {
    if (hit.click.verb != Verb::kSelect || !is_set(hit.click.subject)) continue;
    const Hit* top = top_hit(scene, {hit.box.middle_x(), hit.box.middle_y()},
                             [](const Hit& h) { return static_cast<bool>(h.click); });
    if (top != &hit) continue;  // another lies over its middle
    INFO(hit.part << ' ' << describe(hit.subject, bench->log()));
    person.press(Key::kEscape);
    person.click(hit.box);
    CHECK(bench->view().selected == hit.click.subject);
    kinds.insert(hit.click.subject.kind);
  }
  CHECK(kinds.size() >= 6);
}

}  // namespace
}  // namespace sendscope::ui
