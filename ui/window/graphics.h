// A GLFW window with an OpenGL context that paints scenes. The only file that calls GLFW for drawing and
// OpenGL.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "ui/layout/scene.h"
#include "ui/panels/fonts.h"
#include "ui/panels/theme.h"

struct GLFWwindow;

namespace sendscope::ui {

class Graphics {
 public:
  // Errors: no display, no OpenGL 3.3.
  static Result<std::unique_ptr<Graphics>> open(int width, int height);
  ~Graphics();
  Graphics(const Graphics&) = delete;
  Graphics& operator=(const Graphics&) = delete;

  GLFWwindow* window() const { return window_; }
  // Screen pixels of a logical pixel; text is rasterized anew when it changes.
  void set_scale(float scale);
  const Fonts& fonts() const;
  // Size of the window's contents in screen pixels.
  void size(int& width, int& height) const;
  // What the system asks for: 2 on a screen with twice the usual resolution.
  float content_scale() const;
  void draw(const Scene& scene, ThemeName theme);

 private:
  Graphics() = default;
  struct Parts;
  GLFWwindow* window_ = nullptr;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::ui
