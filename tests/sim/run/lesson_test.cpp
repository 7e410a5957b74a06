#include "sim/run/lesson.h"

#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::run;

TEST_CASE("a lesson is a title, an introduction and steps") {
  const LessonLoad load = load_lesson_text(
      "# How it works\n\nFirst line\nsecond line.\n\n## One\nwhen: acked == 1\n\nText of "
      "`one`.\n\nMore.\n\n## Two\nLater.\n",
      "l.md");
  REQUIRE(load.problems.empty());
  REQUIRE(load.steps.size() == 3);
  CHECK(load.steps[0].heading == "How it works");
  CHECK(load.steps[0].text == "First line second line.");
  CHECK(load.steps[0].at.empty());
  CHECK(load.steps[1].at == "acked == 1");
  CHECK(load.steps[1].text == "Text of `one`.\n\nMore.");
  CHECK(load.steps[2].heading == "Two");
  CHECK(load.lines[1] == 7);
}

TEST_CASE("a step names things in its expression, in its text and in a line of their own") {
  const LessonLoad load = load_lesson_text(
      "# How it works\nshow: node:1\nA `send()` of `app-1`.\n\n## One\nshow: batch:3, orders-0\n"
      "when: producer('p1').acked == 1 and count('log_appended', node=2, partition='orders-1') > 0\n"
      "Look at `node 3`.\n\n## Two\nwhen: node(1).up\nLater.\n",
      "l.md");
  INFO(sim::to_string(load.problems));
  REQUIRE(load.steps.size() == 3);
  CHECK(load.steps[0].names == std::vector<std::string>{"node:1", "send()", "app-1"});
  CHECK(load.steps[1].names ==
        std::vector<std::string>{"batch:3", "orders-0", "p1", "node:2", "orders-1", "node:3"});
  CHECK(load.steps[2].names == std::vector<std::string>{"node:1"});
  REQUIRE(load.shown.size() == 3);
  CHECK(load.shown[2].word == "orders-0");
  CHECK(load.shown[2].line == 6);
  CHECK(load.shown[2].column == 16);
}

TEST_CASE("what is wrong with a lesson is told with its line") {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"", "l.md:1:1: found no title"},
      {"# T\nText.\n", "l.md:2:1: found no step"},
      {"Text\n# T\n## S\nx\n", "l.md:1:1: found text before the title"},
      {"# T\n## S\n", "l.md:2:1: found a step without text"},
      {"# T\n## S\nText.\nwhen: true\n", "l.md:4:1: found \"when:\" in the middle of a text"},
      {"# T\n## S\nwhen: akced == 1\nText.\n", "l.md:3:7: \"akced == 1\": "},
      {"# T\n## S\nText.\nshow: a\n", "l.md:4:1: found \"show:\" in the middle of a text"},
      {"# T\n## S\nshow: a\nshow: b\nText.\n", "l.md:4:1: found \"show:\" in the middle of a text"},
      {"# T\n## S\nshow:\nText.\n", "l.md:3:6: found nothing; expected the name of a thing"},
      {"# T\n## S\nshow: a,, b\nText.\n", "l.md:3:9: found nothing"},
      {"# T\n## S\nText.\n# U\n## V\nx\n", "l.md:4:1: found a second title"},
  };
  for (const auto& [text, message] : kMistakes) {
    const LessonLoad load = load_lesson_text(text, "l.md");
    INFO(sim::to_string(load.problems));
    REQUIRE_FALSE(load.problems.empty());
    CHECK(load.steps.empty());
    CHECK(sim::to_string(load.problems).find(message) == 0);
  }
}
