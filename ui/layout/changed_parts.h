// Which parts of a picture differ from the one before, so that only they are drawn again: without a graphics
// card drawing is what a frame costs.
#pragma once

#include <cstdint>
#include <vector>

#include "ui/layout/scene.h"

namespace sendscope::ui {

class ChangedParts {
 public:
  // Boxes without overlaps that hold everything in which the scene differs from the one of the call before;
  // the whole of its size the first time, and where most of it differs.
  std::vector<Rect> next(const Scene& scene, float width, float height);
  // The next scene is drawn whole.
  void forget() { before_.clear(); }

 private:
  // A shape, or a piece of one, as it was drawn: what it looks like, and where.
  struct Trace {
    std::uint64_t look = 0;
    Rect reach;
  };

  static std::vector<Trace> traces_of(const Scene& scene);
  static std::vector<Rect> differing(const std::vector<Trace>& before, const std::vector<Trace>& after);

  std::vector<Trace> before_;
  float width_ = 0, height_ = 0;
};

}  // namespace sendscope::ui
