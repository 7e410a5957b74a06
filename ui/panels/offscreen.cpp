#include "ui/panels/offscreen.h"

#include <imgui.h>

#include <optional>

#include "ui/panels/painter.h"

namespace sendscope::ui {

struct Offscreen::Parts {
  ImGuiContext* context = nullptr;
  ImGuiContext* before = nullptr;
  std::optional<Fonts> fonts;
};

Offscreen::Offscreen(float scale) : parts_(std::make_unique<Parts>()) {
  parts_->before = ImGui::GetCurrentContext();
  parts_->context = ImGui::CreateContext();
  ImGui::SetCurrentContext(parts_->context);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  ImGui::GetStyle().AntiAliasedLinesUseTex = false;
  parts_->fonts.emplace(*io.Fonts, scale);
  int width = 0, height = 0;
  unsigned char* texels = nullptr;
  io.Fonts->GetTexDataAsAlpha8(&texels, &width, &height);
  ImGui::SetCurrentContext(parts_->before);
}

Offscreen::~Offscreen() {
  ImGui::DestroyContext(parts_->context);
  if (parts_->before != nullptr && parts_->before != parts_->context)
    ImGui::SetCurrentContext(parts_->before);
}

const Fonts& Offscreen::fonts() const { return *parts_->fonts; }

const unsigned char* Offscreen::atlas(int& width, int& height) const {
  ImGuiContext* const before = ImGui::GetCurrentContext();
  ImGui::SetCurrentContext(parts_->context);
  unsigned char* texels = nullptr;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&texels, &width, &height);
  ImGui::SetCurrentContext(before);
  return texels;
}

const ImDrawData& Offscreen::paint(const Scene& scene, ThemeName theme, int width, int height,
                                   const Rect* only) {
  ImGui::SetCurrentContext(parts_->context);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DeltaTime = 1.0f / 60;
  ImGui::NewFrame();
  if (only == nullptr) {
    paint_scene(scene, *ImGui::GetBackgroundDrawList(), *parts_->fonts, theme);
  } else {
    paint_parts(scene, *ImGui::GetBackgroundDrawList(), *parts_->fonts, theme, {only, 1});
  }
  ImGui::Render();
  const ImDrawData& data = *ImGui::GetDrawData();
  ImGui::SetCurrentContext(parts_->before);
  return data;
}

}  // namespace sendscope::ui
