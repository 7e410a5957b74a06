// The program without a window (SENDSCOPE_WINDOW=OFF): what draws says so.
#include "ui/terminal/command_line.h"
#include "ui/terminal/screen.h"

namespace sendscope::ui {
namespace {

int built_without_window() { return fail(kExitFailed, "this program was built without a window"); }

}  // namespace

bool display_available() { return false; }
int show_session(std::unique_ptr<run::Session>) { return built_without_window(); }
int run_gui_command(Arguments) { return built_without_window(); }
int run_render_command(Arguments) { return built_without_window(); }

}  // namespace sendscope::ui
