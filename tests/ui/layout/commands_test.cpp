// The table of commands: whatever a person can ask for is reachable, once, and its views show the same.
#include "ui/layout/commands.h"

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/sample_frame.h"
#include "tests/ui/layout/frame_checks.h"
#include "ui/layout/overlays.h"

namespace sendscope::ui {
namespace {

using test::SampleFrame;

constexpr Verb kVerbs[] = {
#define VERB(verb, argument, cursor) Verb::verb,
#include "ui/layout/commands.def"
};

std::vector<PaletteEntry> palette_of(SampleFrame& frame) {
  return palette_entries({frame.model(), frame.log, frame.tracks, frame.axis, frame.history->travel(),
                          frame.inspection, frame.facts, frame.view, frame.cursor, 1280, 720});
}

TEST_CASE("whatever needs nothing given is reachable by key or palette, and nothing else is") {
  for (const Verb verb : kVerbs) {
    INFO(static_cast<int>(verb));
    const auto rows = commands();
    const auto reachable = [&](const Command& command) {
      return command.verb == verb && (command.has_keys() || command.listed);
    };
    CHECK(std::any_of(rows.begin(), rows.end(), reachable) == is_free(verb));
  }
}

TEST_CASE("no chord asks for two things, and each asks for its command") {
  std::set<std::string> names;
  for (const Command& command : commands()) {
    for (const Chord& chord : command.keys) {
      if (chord.key == Key::kNone) continue;
      INFO(command.name);
      Chord pressed = chord;
      if (chord.key == Key::kNumeral) pressed.key = key_of('4');
      REQUIRE(command_of(pressed) != nullptr);
      CHECK(command_of(pressed)->name == command.name);
      const bool pad = chord.key == Key::kPadPlus || chord.key == Key::kPadMinus;
      CHECK(names.insert(chord_name(chord)).second == !pad);
    }
  }
  CHECK(names.size() > 40);
  CHECK(command_of({}) == nullptr);
  CHECK(command_of({key_of('['), false, false}) == nullptr);
}

TEST_CASE("Shift with Control counts where a command asks for both") {
  CHECK(command_of({key_of('P'), true, true})->verb == Verb::kSearch);
  CHECK(command_of({key_of('P'), true, false}) == nullptr);
  CHECK(command_of({key_of('='), true, true})->verb == Verb::kScaleUp);  // how Ctrl + is typed
  CHECK(command_of({key_of('J'), false, true}) == nullptr);
}

TEST_CASE("a numeral with Shift jumps to the bookmark of its number, from 1") {
  const Chord chord{key_of('3'), false, true};
  const Action action = action_of(*command_of(chord), {}, chord);
  CHECK(action.verb == Verb::kMarkJump);
  CHECK(action.value == 2);
  CHECK(command_of({key_of('0'), false, true}) == nullptr);
}

TEST_CASE("what breaks something breaks what is selected") {
  View view;
  view.selected = node_subject(2);
  const Chord x{key_of('X'), false, false};
  CHECK(action_of(*command_of(x), view, x).subject == node_subject(2));
}

TEST_CASE("commands differ in what they ask for") {
  std::set<std::pair<Verb, std::int64_t>> asked;
  std::set<std::string_view> labels;
  for (const Command& command : commands()) {
    INFO(command.name);
    CHECK(asked.emplace(command.verb, command.value).second);
    CHECK(labels.insert(command_label(command)).second);
  }
}

TEST_CASE("the sheet has exactly the commands with keys, in lines that have some") {
  for (const Command& command : commands()) {
    INFO(command.name);
    CHECK(command.has_keys() == (command.line != SheetLine::kNone));
  }
  const auto rows = key_rows();
  CHECK(rows.size() == static_cast<std::size_t>(SheetLine::kNone));
  std::string all;
  for (const KeyRow& row : rows) {
    CHECK_FALSE(row.keys.empty());
    all += "  " + row.keys + "  ";
  }
  for (const Command& command : commands()) {
    if (command.has_keys()) CHECK(all.find("  " + key_names(command) + "  ") != std::string::npos);
  }
  CHECK(key_names(SheetLine::kSearching) == "Ctrl Shift P  ;  /");
  CHECK(key_names(SheetLine::kSizes) == "Ctrl +  Ctrl -  Ctrl 0");
  CHECK(key_names(SheetLine::kHelp) == "?  F1");
  CHECK(key_names(SheetLine::kBookmarks) == "M  Shift 1..9");
}

TEST_CASE("a row of the palette does what its keys do, and names them") {
  SampleFrame frame;
  frame.view.selected = batch_subject(16);
  const auto entries = palette_of(frame);
  std::size_t listed = 0;
  for (const Command& command : commands()) {
    if (!command.listed) continue;
    ++listed;
    INFO(command.name);
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const PaletteEntry& e) { return e.label == command_label(command); });
    REQUIRE(entry != entries.end());
    CHECK(entry->hint == key_names(command));
    if (!command.has_keys()) continue;
    const Action by_key = action_of(*command_of(command.keys[0]), frame.view, command.keys[0]);
    CHECK(entry->action.verb == by_key.verb);
    CHECK(entry->action.value == by_key.value);
    CHECK(entry->action.subject == by_key.subject);
  }
  CHECK(listed > 40);
}

TEST_CASE("an explanation names the key that does what a click does") {
  SampleFrame frame;
  std::size_t named = 0;
  const Scene scene = frame.scene(1280, 720);
  for (const Hit& hit : scene.hits) {
    if (!hit.click || hit.tip.find("\nkey: ") == std::string::npos) continue;
    ++named;
    INFO(hit.tip);
    CHECK_FALSE(key_name(hit.click.verb).empty());
    CHECK(hit.tip.find(key_line(hit.click.verb)) != std::string::npos);
  }
  CHECK(named >= 6);
}

}  // namespace
}  // namespace sendscope::ui
