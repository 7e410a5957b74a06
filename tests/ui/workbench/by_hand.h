// What a hand orders on a workbench, and what it is told.
#pragma once

#include "tests/ui/workbench/bench.h"

namespace sendscope::test {

inline constexpr ui::Chord kUndoKey{ui::key_of('Z'), true, false};

// Opens the menu of the thing where it is drawn and takes the entry that does this.
inline void order_on(ui::Workbench& bench, const Subject& subject, std::string_view verb) {
  const ui::Scene scene = scene_of(bench);
  const auto box = std::find_if(scene.hits.rbegin(), scene.hits.rend(),
                                [&](const ui::Hit& hit) { return hit.subject == subject; });
  REQUIRE(box != scene.hits.rend());
  click(bench, middle(box->box), ui::PointerButton::kRight);
  for (const ui::Hit& choice : hits_of(scene_of(bench), "fault.choice")) {
    if (sim::verb_of(choice.click.fault->action) != verb) continue;
    click(bench, middle(choice.box));
    bench.finish_work();
    return;
  }
  FAIL("it is not offered");
}

inline void order_on_node(ui::Workbench& bench, NodeId node, std::string_view verb) {
  order_on(bench, ui::node_subject(node), verb);
}

inline std::string notice_of(ui::Workbench& bench) {
  for (const ui::Hit& hit : hits_of(scene_of(bench), "notice")) return hit.tip;
  return "";
}

}  // namespace sendscope::test
