// A producer is a thing like others: a click, the search and the palette select it, and its figures are
// shown.
#include <algorithm>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

// The value of the inspector's row of this name.
std::string fact_of(Person& person, const std::string& name) {
  person.wheel(person.all("fact").front().box, 1000);
  for (int page = 0; page < 40; ++page) {
    const auto facts = person.all("fact");
    for (const Hit& fact : facts) {
      if (fact.tip.starts_with(name + "\t")) return fact.tip.substr(name.size() + 1);
    }
    person.wheel(facts.front().box, -3);
  }
  return "";
}

TEST_CASE("a click on the sender shows what its producer's metrics are and what it was configured with") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  REQUIRE(person.all("sender").size() == 1);
  person.click(person.all("sender").front().box);
  CHECK(bench->view().selected == producer_subject(0));
  CHECK(fact_of(person, "record-send-total").starts_with("16"));
  CHECK(fact_of(person, "buffer.memory").find("\tgiven") != std::string::npos);
  CHECK(fact_of(person, "acks").find("\tdefault") != std::string::npos);
}

TEST_CASE("tabs select their producers, one after the other, and the next producer is inspected in turn") {
  const auto bench = bench_of("zombie-fenced.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  REQUIRE(person.all("producer.tab").size() == 2);
  for (const std::size_t index : {std::size_t{1}, std::size_t{0}, std::size_t{1}}) {
    person.click(person.all("producer.tab")[index].box);
    CHECK(bench->view().selected == producer_subject(index));
    CHECK(bench->view().producer == index);
    CHECK_FALSE(fact_of(person, "record-send-total").empty());
  }
  person.press(key_of('Q'));
  CHECK(bench->view().selected == producer_subject(0));
  person.press(key_of('.'));
  CHECK(bench->view().selected == producer_subject(1));
  person.press(Key::kEscape);
  person.press(key_of('Q'));
  CHECK_FALSE(is_set(bench->view().selected));
}

TEST_CASE("the palette selects a producer by its name, by key and by click") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  const std::string name = bench->session().info().producers[0];
  person.search(name);
  person.press(Key::kEnter);
  CHECK(bench->view().selected == producer_subject(0));
  person.press(Key::kEscape);
  person.search(name);
  REQUIRE_FALSE(person.all("palette.entry").empty());
  person.click(person.all("palette.entry").front().box);
  CHECK(bench->view().selected == producer_subject(0));
  CHECK_FALSE(bench->view().palette_open);
}

}  // namespace
}  // namespace sendscope::ui
