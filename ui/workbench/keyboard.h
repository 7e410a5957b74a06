// What keys do: each asks for its command; while the search is open, they type into it and choose from it.
#pragma once

#include "ui/layout/commands.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {

class Keyboard {
 public:
  explicit Keyboard(Workbench& bench) : bench_(&bench) {}

  void resize(float width, float height) {
    width_ = width;
    height_ = height;
  }
  // `held`: the key was down already.
  void press(const Chord& chord, bool held = false);
  // A character, as its code point; comes after the press of its key.
  void type(unsigned code);

 private:
  void choose(Key key);
  void act(const Action& action) { bench_->act(action, width_, height_); }

  Workbench* bench_;
  float width_ = 1280, height_ = 720;
};

}  // namespace sendscope::ui
