#include "ui/window/graphics.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>
#include <imgui.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ui/layout/changed_parts.h"
#include "ui/panels/painter.h"

namespace sendscope::ui {
namespace {

std::string glfw_reason() {
  const char* text = nullptr;
  glfwGetError(&text);
  return text != nullptr ? text : "no reason given";
}

void clear(std::uint32_t rgb) {
  const auto part = [&](int shift) { return static_cast<float>(rgb >> shift & 255) / 255; };
  glClearColor(part(16), part(8), part(0), 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

// Mesa's software renderers copy the picture to the window and go on with it; a graphics card may show one
// picture while the next is drawn.
bool keeps_picture() {
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const std::string_view renderer = name != nullptr ? name : "";
  return renderer.starts_with("llvmpipe") || renderer.starts_with("softpipe");
}

}  // namespace

struct Graphics::Parts {
  std::optional<Fonts> fonts;
  bool gl_ready = false;
  bool keeps_picture = false;  // after it was shown: then only what has changed is drawn
  ChangedParts changed;
  std::optional<ThemeName> theme;

  // `width` and `height` in screen pixels.
  std::vector<Rect> to_draw(const Scene& scene, int width, int height);
  void draw(const Scene& scene, std::span<const Rect> parts, int height) const;
};

std::vector<Rect> Graphics::Parts::to_draw(const Scene& scene, int width, int height) {
  const float w = static_cast<float>(width) / fonts->scale(), h = static_cast<float>(height) / fonts->scale();
  return keeps_picture ? changed.next(scene, w, h) : std::vector<Rect>{{0, 0, w, h}};
}

void Graphics::Parts::draw(const Scene& scene, std::span<const Rect> parts, int height) const {
  const float scale = fonts->scale();
  const std::vector<std::size_t> ground = ground_of(scene);
  const auto lay = [&](const Rect& box, Tone tone) {
    const PixelBox pixels = pixels_of(box, scale);
    glScissor(pixels.x, height - pixels.y - pixels.h, pixels.w, pixels.h);
    clear(tone_rgb(*theme, tone));
  };
  // Clearing a box costs a tenth of drawing it where there is no graphics card.
  glEnable(GL_SCISSOR_TEST);
  for (const Rect& part : parts) {
    lay(part, Tone::kBackground);
    for (const std::size_t number : ground) {
      const Rect box = scene.shapes[number].box.clipped(part);
      if (!box.empty()) lay(box, scene.shapes[number].paint.tone);
    }
  }
  glDisable(GL_SCISSOR_TEST);
  paint_parts(scene, *ImGui::GetBackgroundDrawList(), *fonts, *theme, parts, ground);
}

Result<std::unique_ptr<Graphics>> Graphics::open(int width, int height) {
  if (glfwInit() != GLFW_TRUE) return Error(ErrorCode::kIo, "cannot open a window: " + glfw_reason());
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  std::unique_ptr<Graphics> graphics(new Graphics);
  graphics->parts_ = std::make_unique<Parts>();
  graphics->window_ = glfwCreateWindow(width, height, "sendscope", nullptr, nullptr);
  if (graphics->window_ == nullptr) return Error(ErrorCode::kIo, "cannot open a window: " + glfw_reason());
  glfwMakeContextCurrent(graphics->window_);
  if (gladLoadGL(glfwGetProcAddress) == 0) return Error(ErrorCode::kIo, "cannot load OpenGL 3.3");
  glfwSwapInterval(1);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  ImGui::GetStyle().AntiAliasedLinesUseTex = false;
  graphics->parts_->keeps_picture = keeps_picture();
  graphics->parts_->gl_ready = ImGui_ImplOpenGL3_Init("#version 330");
  if (!graphics->parts_->gl_ready) return Error(ErrorCode::kIo, "cannot set up OpenGL 3.3");
  return graphics;
}

Graphics::~Graphics() {
  if (parts_ != nullptr && parts_->gl_ready) ImGui_ImplOpenGL3_Shutdown();
  if (ImGui::GetCurrentContext() != nullptr) ImGui::DestroyContext();
  if (window_ != nullptr) glfwDestroyWindow(window_);
  glfwTerminate();
}

void Graphics::set_scale(float scale) {
  if (parts_->fonts && parts_->fonts->scale() == scale) return;
  parts_->fonts.emplace(*ImGui::GetIO().Fonts, scale);
  parts_->changed.forget();
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

const Fonts& Graphics::fonts() const { return *parts_->fonts; }

void Graphics::size(int& width, int& height) const { glfwGetFramebufferSize(window_, &width, &height); }

float Graphics::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  return x;
}

void Graphics::draw(const Scene& scene, ThemeName theme) {
  int width = 0, height = 0;
  size(width, height);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DeltaTime = 1.0f / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  Parts& parts = *parts_;
  if (std::exchange(parts.theme, theme) != theme) parts.changed.forget();
  glViewport(0, 0, width, height);
  parts.draw(scene, parts.to_draw(scene, width, height), height);
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window_);
}

}  // namespace sendscope::ui
