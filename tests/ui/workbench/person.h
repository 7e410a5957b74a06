// A person in front of a workbench: sees the frame, clicks what is there, presses keys and types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/ui/workbench/bench.h"
#include "ui/workbench/keyboard.h"
#include "ui/workbench/pointer.h"

namespace sendscope::test {

class Person {
 public:
  explicit Person(ui::Workbench& bench) : bench_(bench), pointer_(bench), keyboard_(bench) {
    pointer_.resize(kBenchW, kBenchH);
    keyboard_.resize(kBenchW, kBenchH);
    look();
  }

  const ui::Scene& look() {
    scene_ = bench_.frame(measure_, kBenchW, kBenchH);
    return scene_;
  }

  // The boxes of this part as they are now, in the order drawn.
  std::vector<ui::Hit> all(std::string_view part) { return hits_of(look(), part); }

  bool reads(std::string_view words) {
    look();
    for (const ui::Shape& shape : scene_.shapes) {
      if (shape.text.find(words) != std::string::npos) return true;
    }
    return false;
  }

  void click(const ui::Rect& box, ui::PointerButton button = ui::PointerButton::kLeft) {
    look();
    pointer_.move(scene_, middle(box));
    pointer_.press(scene_, button);
    pointer_.release(scene_, button);
    settle();
  }

  void drag(ui::Point from, ui::Point to) {
    look();
    pointer_.move(scene_, from);
    pointer_.press(scene_, ui::PointerButton::kLeft);
    pointer_.move(scene_, to);
    pointer_.release(scene_, ui::PointerButton::kLeft);
    settle();
  }

  void wheel(const ui::Rect& box, float steps) {
    look();
    pointer_.move(scene_, middle(box));
    pointer_.wheel(scene_, steps);
    look();
  }

  void press(ui::Key key, bool shift = false, bool control = false) { press({key, control, shift}); }
  void press(const ui::Chord& chord) {
    keyboard_.press(chord);
    settle();
  }

  void type(std::string_view text) {
    for (const char c : text) keyboard_.type(static_cast<unsigned char>(c));
    settle();
  }

  // Opens the search and types into it.
  void search(std::string_view text) {
    press(ui::key_of('/'));
    keyboard_.type('/');  // as a keyboard sends it after the press
    type(text);
  }

  // Lets what was asked for come to its end.
  void settle() {
    look();  // what is typed is heard when it is seen
    bench_.finish_work();
    look();
  }

 private:
  ui::Workbench& bench_;
  ui::Pointer pointer_;
  ui::Keyboard keyboard_;
  PlainMeasure measure_;
  ui::Scene scene_;
};

}  // namespace sendscope::test
