// Texts in another language: read whole or not at all, every mistake told with its line.
#include "core/event/catalogue.h"

#include <set>

#include "core/event/event_texts.h"
#include "core/event/narration.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

using Problems = std::vector<std::string>;

// The event texts in another language, for as long as it lives.
struct Spoken {
  explicit Spoken(std::string_view file) : problems(read_language(file, tables)) {}
  ~Spoken() { event_texts().use({}); }
  TextTable* tables[1] = {&event_texts()};
  Problems problems;
};

TEST_CASE("places are filled by their numbers, in any order and as often as they stand") {
  CHECK(fill("{1} of {0}, {1}", {"a", "b"}) == "b of a, b");
  CHECK(fill("{2} {x} {", {"a"}) == "{2} {x} {");
  CHECK(fill("", {"a"}).empty());
}

TEST_CASE("sentences, brief words and words of states speak another language; what is not told is English") {
  const Spoken spoken(
      "# Latin\n"
      "\n"
      "event.thread_state = {thread}: {state}\\n.\n"
      "brief.batch_completed = factum|fractum: {error}\n"
      "word.kThreadState.waiting_memory = memoriam exspectat\r\n");
  CHECK(spoken.problems == Problems{});
  const StringTable strings;
  const NameBook names;
  const Event event{.kind = EventKind::thread_state, .actor = 3, .a = 3};
  CHECK(narrate(event, strings, names) == "thread 3: memoriam exspectat\n.");
  CHECK(narrate_briefly(event, strings, names) == "waits for memory");
  CHECK(narrate_briefly({.kind = EventKind::batch_completed}, strings, names) == "factum");
  CHECK(narrate_briefly({.kind = EventKind::batch_completed, .a = 6}, strings, names) ==
        "fractum: NOT_LEADER_OR_FOLLOWER");
  CHECK(enum_name(Unit::kThreadState, 3) == "waiting_memory");
}

TEST_CASE("a file with mistakes changes nothing, and each is told with its line") {
  const Spoken spoken(
      "event.batch_freed = Memoria {batch} redit.\n"
      "event.batch_fried = x\n"
      "no equals\n"
      "event.node_state = {node}.\n"
      "event.batch_freed = {batch}\n"
      "brief.batch_completed = factum\n");
  CHECK(spoken.problems ==
        Problems{"line 2: there is no text 'event.batch_fried'", "line 3: found no '='; expected: id = text",
                 "line 4: 'event.node_state' has the places {node}; expected {node} {state}",
                 "line 5: 'event.batch_freed' was told before",
                 "line 6: 'brief.batch_completed' has the places none; expected {error} |"});
  CHECK(sentence_of(EventKind::batch_freed) == "The memory of batch {batch} is returned.");
}

TEST_CASE("the English that is written is a language that can be read") {
  TextTable* const tables[] = {&event_texts()};
  const std::string english = write_language(tables);
  const Spoken spoken(english);
  CHECK(spoken.problems == Problems{});
  CHECK(write_language(tables) == english);
  CHECK(sentence_of(EventKind::batch_freed) == "The memory of batch {batch} is returned.");
  std::set<std::string_view> ids;
  for (const TextRow& row : event_texts().rows()) CHECK(ids.insert(row.id).second);
}

}  // namespace
}  // namespace sendscope
