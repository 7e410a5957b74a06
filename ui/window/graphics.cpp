#include "ui/window/graphics.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>
#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

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

}  // namespace

struct Graphics::Parts {
  std::optional<Fonts> fonts;
  bool gl_ready = false;
};

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
  const std::vector<std::size_t> ground = ground_of(scene);
  paint_scene(scene, *ImGui::GetBackgroundDrawList(), *parts_->fonts, theme, ground);
  ImGui::Render();
  glViewport(0, 0, width, height);
  clear(tone_rgb(theme, Tone::kBackground));
  // Clearing a box costs a tenth of drawing it where there is no graphics card.
  glEnable(GL_SCISSOR_TEST);
  for (const std::size_t number : ground) {
    const Shape& shape = scene.shapes[number];
    const PixelBox box = pixels_of(shape.box, parts_->fonts->scale());
    glScissor(box.x, height - box.y - box.h, box.w, box.h);
    clear(tone_rgb(theme, shape.paint.tone));
  }
  glDisable(GL_SCISSOR_TEST);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window_);
}

}  // namespace sendscope::ui
