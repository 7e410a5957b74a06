// The window, for the commands that open one: gui, live, and the program without words.
#pragma once

#include <memory>

#include "ui/app/session.h"

namespace sendscope::ui {

// Whether a window can be opened here. Opens nothing.
bool display_available();

// Shows a session in a window until it is closed. Returns the exit code.
int show_session(std::unique_ptr<Session> session);

}  // namespace sendscope::ui
