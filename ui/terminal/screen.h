// What the commands need of the window: implemented by ui/window, and by ui/main/no_window.cpp in a program
// that is built without one.
#pragma once

#include <memory>

#include "sim/run/session.h"
#include "ui/terminal/commands.h"

namespace sendscope::ui {

// Whether a window can be opened here. Opens nothing.
bool display_available();

// Shows a session in a window until it is closed. Returns the exit code.
int show_session(std::unique_ptr<run::Session> session);

// The commands that draw.
int run_gui_command(Arguments arguments);
int run_render_command(Arguments arguments);

}  // namespace sendscope::ui
