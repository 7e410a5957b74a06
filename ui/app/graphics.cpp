#include "ui/app/graphics.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>
#include <imgui.h>

#include <optional>
#include <string>

#include "ui/panels/painter.h"

namespace sendscope::ui {
namespace {

std::string glfw_reason() {
  const char* text = nullptr;
  glfwGetError(&text);
  return text != nullptr ? text : "no reason given";
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
  paint_scene(scene, *ImGui::GetBackgroundDrawList(), *parts_->fonts, theme);
  ImGui::Render();
  const std::uint32_t ground = tone_rgb(theme, Tone::kBackground);
  const auto part = [&](int shift) { return static_cast<float>(ground >> shift & 255) / 255; };
  glViewport(0, 0, width, height);
  glClearColor(part(16), part(8), part(0), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window_);
}

}  // namespace sendscope::ui
