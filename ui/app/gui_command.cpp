#include "ui/app/gui_command.h"

#include <cstdlib>

#include "ui/app/arguments.h"
#include "ui/app/window.h"

namespace sendscope::ui {

bool display_available() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

int show_session(std::unique_ptr<Session> session) {
  const auto shown = run_window(std::move(session), {.bench_frames = 0, .playing = true});
  return shown ? kExitDone : fail(kExitFailed, shown.error().message);
}

int run_gui_command(Arguments arguments) {
  CLI::App app("Shows a scenario or a recorded run in a window.", "sendscope gui");
  std::string file = "scenarios/first-send.json";
  std::optional<std::uint64_t> seed;
  WindowOptions options{0, true};
  app.add_option("file", file, "scenario or trace; left out: the first lesson");
  app.add_option("--seed", seed, "instead of the scenario's own");
  app.add_option("--bench-frames", options.bench_frames)->group("");
  if (const auto code = parse_arguments(app, arguments)) return *code;
  auto session = open_session(file, seed ? &*seed : nullptr);
  if (!session) return fail(session.error());
  if (!display_available()) {
    return fail(kExitFailed, "there is no display (DISPLAY and WAYLAND_DISPLAY are not set); for a picture: sendscope render " +
                                 file + " --at 20ms -o picture.png");
  }
  const auto shown = run_window(std::move(*session), options);
  return shown ? kExitDone : fail(kExitFailed, shown.error().message);
}

}  // namespace sendscope::ui
