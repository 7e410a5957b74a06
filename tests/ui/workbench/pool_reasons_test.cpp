// The pool by the reasons why its memory is held: by key and by a click on its heading, in words and bytes.
#include <algorithm>

#include "core/model/held_memory.h"
#include "tests/ui/workbench/person.h"
#include "ui/layout/format.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

TEST_CASE("a click on the pool's heading, or its key, colours it by reasons, and by partitions again") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 40 * kNanosPerMilli);
  Person person(*bench);
  CHECK(person.all("pool.reason").empty());
  person.click(person.all("pool.heading").at(0).box);
  CHECK(person.reads("WHY HELD"));
  CHECK_FALSE(person.all("pool.reason").empty());
  person.press(key_of('Y'), true);
  CHECK(person.all("pool.reason").empty());
  CHECK(person.reads("BUFFER POOL"));
}

// Each row of the legend: words, bytes and share, and a click on it selects the oldest batch.
void check_legend(Workbench& bench, Person& person) {
  const PipelineModel model = model_after(bench.log(), bench.cursor().events);
  const auto rows = held_memory(model, wait_limits(model, bench.log().strings(), 0), model.producers.at(0),
                                bench.cursor().t);
  const auto hits = person.all("pool.reason");
  REQUIRE(hits.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(hits[i].tip.starts_with(wait_cause_brief(rows[i].cause)));
    CHECK(person.reads(wait_cause_brief(rows[i].cause)));
    CHECK(hits[i].tip.find("\t" + count_text(rows[i].bytes)) != std::string::npos);
    person.click(hits[i].box);
    CHECK(bench.view().selected == batch_subject(rows[i].oldest));
    person.press(Key::kEscape);
  }
}

TEST_CASE(
    "the legend says each reason with its bytes, and leads to the oldest batch, at one moment and the next") {
  const auto bench = bench_of("leader-dies.json");
  Person person(*bench);
  person.press(key_of('Y'), true);
  std::size_t most = 0;
  for (const std::int64_t ms : {400, 700, 900, 1100}) {
    do_verb(*bench, Verb::kSeek, ms * kNanosPerMilli);
    most = std::max(most, person.all("pool.reason").size());
    check_legend(*bench, person);
  }
  CHECK(most > 1);
}

}  // namespace
}  // namespace sendscope::ui
