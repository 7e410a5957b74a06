#include <algorithm>
#include <cstdlib>

#include "ui/terminal/command_line.h"
#include "ui/terminal/screen.h"
#include "ui/window/language.h"
#include "ui/window/settings.h"
#include "ui/window/window.h"

namespace sendscope::ui {

bool display_available() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

int show_session(std::unique_ptr<run::Session> session) {
  if (const auto code = choose_language("")) return *code;
  const auto shown = run_window(
      std::move(session), {.playing = true, .settings = settings_path(), .light = {}, .scale_percent = {}});
  return shown ? kExitDone : fail(kExitFailed, shown.error().message);
}

int run_gui_command(Arguments arguments) {
  CommandLine line("gui", "Shows a scenario or a recorded run in a window.");
  std::string file, language, theme, scale;
  std::optional<std::uint64_t> seed, bench_frames, bench_idle;
  line.required("file", file, "scenario or trace");
  line.option("--seed", seed, "instead of the scenario's own");
  line.option("--language", language, "a file with the texts of another language (see sendscope help texts)");
  line.choice("--theme", theme, {"dark", "light"}, "instead of what was chosen last");
  std::vector<std::string> scales;
  for (const int percent : kScales) scales.push_back(std::to_string(percent));
  line.choice("--scale", scale, std::move(scales), "percent, instead of what was chosen last");
  line.option("--bench-frames", bench_frames,
              "draws so many frames across the run and tells how long they took");
  line.option("--bench-idle", bench_idle, "stands paused for so many seconds and tells the processor time");
  if (const auto code = line.parse(arguments)) return *code;
  if (const auto code = choose_language(language)) return *code;
  const auto at_most = [](const std::optional<std::uint64_t>& number, std::uint64_t most) {
    return static_cast<int>(std::min(number.value_or(0), most));
  };
  const bool paused = bench_idle.value_or(0) > 0;
  WindowOptions options{at_most(bench_frames, 100'000), at_most(bench_idle, 600), !paused, {}, {}, {}};
  if (!bench_frames && !bench_idle) options.settings = settings_path();
  if (!theme.empty()) options.light = theme == "light";
  if (!scale.empty()) options.scale_percent = std::atoi(scale.c_str());
  auto session = run::open_session(file, seed);
  if (!session) return fail(session.error());
  if (!display_available()) {
    return fail(
        kExitFailed,
        "there is no display (DISPLAY and WAYLAND_DISPLAY are not set); for a picture: sendscope render " +
            file + " --at 20ms -o picture.png");
  }
  const auto shown = run_window(std::move(*session), options);
  return shown ? kExitDone : fail(kExitFailed, shown.error().message);
}

}  // namespace sendscope::ui
