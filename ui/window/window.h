// The window: GLFW and OpenGL around a workbench. It redraws when something has changed and sleeps otherwise.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {

struct WindowOptions {
  int bench_frames = 0;  // > 0: draws so many frames across the run, prints how long they took, and ends
  int bench_idle_seconds = 0;  // > 0: stands paused for so long, prints the processor time it took, and ends
  bool playing = false;        // begins to play at once
  std::string settings;        // the file that they are kept in; empty: nothing is kept
  std::optional<bool> light;   // instead of what was kept
  std::optional<int> scale_percent;
};

// Opens a window on the session and returns when it is closed. Errors: no window can be opened.
Result<void> run_window(std::unique_ptr<run::Session> session, const WindowOptions& options = {});

}  // namespace sendscope::ui
