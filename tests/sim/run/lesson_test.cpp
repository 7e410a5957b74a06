#include "sim/run/lesson.h"

#include "core/event/narration.h"
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

TEST_CASE("a step asks, in one of four ways, and the next one reveals") {
  const LessonLoad load = load_lesson_text(
      "# T\nText.\n\n## Choose\nText.\n\nask: Which one?\n- This | acked == 1\n- That, `a|b` | acked > 1\n\n"
      "## Order\nText.\n\nask: In which order?\n- This | acked\n- That | sent\n\n"
      "## Number\nText.\n\nask: How large?\ntruth: pool.used\n\n"
      "## Point\nText.\n\nask: Which batch?\npoint: batch\n\n"
      "## Time\nText.\nask: When?\ntruth: time\n## End\nThat is all.\n",
      "l.md");
  INFO(sim::to_string(load.problems));
  REQUIRE(load.steps.size() == 7);
  CHECK_FALSE(load.steps[0].question);
  const Question& choose = *load.steps[1].question;
  CHECK(choose.kind == QuestionKind::kChoose);
  CHECK(choose.words == "Which one?");
  CHECK(choose.options == std::vector<std::string>{"This", "That, `a|b`"});
  CHECK(choose.truths[1].text() == "acked > 1");
  CHECK(load.steps[1].text == "Text.");
  CHECK(load.steps[2].question->kind == QuestionKind::kOrder);
  CHECK(load.steps[3].question->kind == QuestionKind::kNumber);
  CHECK_FALSE(load.steps[3].question->asks_for_time());
  CHECK(load.steps[4].question->kind == QuestionKind::kPoint);
  CHECK(load.steps[4].question->thing == SubjectKind::kBatch);
  CHECK(load.steps[5].question->asks_for_time());
  CHECK(load.expressions.size() == 6);
}

TEST_CASE("an expression in a text is worth what it is at the step") {
  const LessonLoad load =
      load_lesson_text("# T\nText.\n## S\n{acked} of\n{sent}, not `{sent}`: {1 + 1}.\n", "l.md");
  INFO(sim::to_string(load.problems));
  REQUIRE(load.steps.size() == 2);
  const LessonStep& step = load.steps[1];
  REQUIRE(step.values.size() == 3);
  CHECK(load.expressions[1].line == 5);
  CHECK(load.expressions[1].column == 2);
  CHECK(with_values(step.text, step.values, nullptr) ==
        "\xe2\x80\xa6 of \xe2\x80\xa6, not `{sent}`: \xe2\x80\xa6.");
  struct Sixes final : NameSource {
    Value value(const NameRef&) const override { return Value::integer(66'666); }
    bool exists(const NameRef&) const override { return true; }
  };
  const Sixes sixes;
  const std::string sent = format_count(66'666);
  CHECK(with_values(step.text, step.values, &sixes) == sent + " of " + sent + ", not `{sent}`: 2.");
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
      {"# T\n## S\nA {akced} here.\n", "l.md:3:4: \"akced\": "},
      {"# T\n## S\nA {acked here.\n", "l.md:3:10: \"acked here.\": "},
      {"# T\n## S\nText.\nask: What?\n- a | true\n- b | false\n",
       "l.md:4:1: found a question in the last step"},
      {"# T\n## S\nText.\nask:\n- a | true\n- b | false\n## U\nx\n", "l.md:4:1: found nothing"},
      {"# T\n## S\nText.\nask: What?\n## U\nx\n", "l.md:4:1: found a question with 0 options"},
      {"# T\n## S\nText.\nask: What?\n- a | true\n## U\nx\n", "l.md:4:1: found a question with 1 options"},
      {"# T\n## S\nText.\nask: What?\n- a\n- b | true\n## U\nx\n", "l.md:5:3: found an option"},
      {"# T\n## S\nText.\nask: What?\n- a | true\n- b | acked\n## U\nx\n",
       "l.md:6:7: \"acked\": expected boolean"},
      {"# T\n## S\nText.\nask: What?\n- a | txn.state\n- b | true\n## U\nx\n", "l.md:5:7: \"txn.state\": "},
      {"# T\n## S\nText.\nask: What?\n  truth: akced\n## U\nx\n", "l.md:5:10: \"akced\": "},
      {"# T\n## S\nText.\nask: What?\ntruth: acked == 1\n## U\nx\n",
       "l.md:5:8: \"acked == 1\": expected a number"},
      {"# T\n## S\nText.\nask: What?\npoint: broker\n## U\nx\n", "l.md:5:8: found \"broker\""},
      {"# T\n## S\nText.\nask: What?\npoint: node\nMore.\n## U\nx\n", "l.md:6:1: found something behind"},
      {"# T\n## S\nText.\nask: What?\ncurve: acked\n## U\nx\n", "l.md:5:8: found a curve"},
      {"# T\n## S\nText.\nask: What?\ncurve: acked | time\n## U\nx\n",
       "l.md:5:8: \"acked | time\": expected a top that is integer"},
      {"# T\n## S\nText.\nask: What?\ncurve: acked > 1 | 2\n## U\nx\n",
       "l.md:5:8: \"acked > 1\": expected a number"},
      {"# T\n## S\nText.\nask: What?\nask: What?\npoint: node\n## U\nx\n",
       "l.md:5:1: found \"ask:\" out of place"},
  };
  for (const auto& [text, message] : kMistakes) {
    const LessonLoad load = load_lesson_text(text, "l.md");
    INFO(sim::to_string(load.problems));
    REQUIRE_FALSE(load.problems.empty());
    CHECK(load.steps.empty());
    CHECK(sim::to_string(load.problems).find(message) == 0);
  }
}
