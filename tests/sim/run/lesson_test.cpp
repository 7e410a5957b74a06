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

TEST_CASE("what is wrong with a lesson is told with its line") {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"", "l.md:1:1: found no title"},
      {"# T\nText.\n", "l.md:2:1: found no step"},
      {"Text\n# T\n## S\nx\n", "l.md:1:1: found text before the title"},
      {"# T\n## S\n", "l.md:2:1: found a step without text"},
      {"# T\n## S\nText.\nwhen: true\n", "l.md:4:1: found \"when:\" in the middle of a text"},
      {"# T\n## S\nwhen: akced == 1\nText.\n", "l.md:3:7: \"akced == 1\": "},
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
