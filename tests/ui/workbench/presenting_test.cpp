// For an audience everything is larger, and what is spoken of stands in the light.
#include "tests/ui/workbench/person.h"
#include "ui/layout/related.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::Person;

// How strongly the card of a thing is drawn.
float strength(Person& person, const Subject& subject) {
  const Scene& scene = person.look();
  for (const Hit& hit : scene.hits) {
    if (hit.subject != subject || hit.part.starts_with("lane")) continue;
    for (const Shape& shape : scene.shapes) {
      if (shape.kind == ShapeKind::kStroke && shape.box == hit.box) return shape.paint.opacity;
    }
  }
  return -1;
}

TEST_CASE("presenting is larger, has less around, and goes back to what was") {
  for (const bool light : {false, true}) {
    const auto bench = bench_of("backpressure.json");
    bench->view().light = light;
    bench->view().bottom = BottomTab::kEvents;
    test::do_verb(*bench, Verb::kScale, 110);
    test::do_verb(*bench, Verb::kLesson, 3);
    Person person(*bench);
    CHECK_FALSE(person.all("tab").empty());
    CHECK(strength(person, thread_subject(0)) >= kDimmed);
    person.press(key_of('F'), true);
    CHECK(bench->view().scale_percent == 150);
    CHECK(person.all("tab").empty());
    CHECK_FALSE(person.reads("IncompleteBatches"));
    CHECK(person.reads(bench->session().lesson()[3].heading));
    CHECK(strength(person, node_subject(1)) == kInShadow);
    bench->act(select_action(node_subject(1)), test::kBenchW, test::kBenchH);
    CHECK(strength(person, node_subject(1)) == 1);
    person.press(key_of('F'), true);
    CHECK(bench->view().scale_percent == 110);
    CHECK(person.reads("IncompleteBatches"));
    CHECK_FALSE(person.all("tab").empty());
  }
}

}  // namespace
}  // namespace sendscope::ui
