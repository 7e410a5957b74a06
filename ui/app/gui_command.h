// `sendscope gui SCENARIO|TRACE` and `sendscope render ...`, called by the command-line dispatcher.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ui/app/session.h"

namespace sendscope::ui {

// Whether a window can be opened here. Opens nothing.
bool display_available();

// Arguments after the command's name. Returns the exit code: 0 done, 1 the work failed, 2 the input was
// wrong.
int run_gui_command(const std::vector<std::string>& args);
int run_render_command(const std::vector<std::string>& args);

// Shows a session in a window until it is closed; used by `live` too. Returns the exit code.
int show_session(std::unique_ptr<Session> session);

}  // namespace sendscope::ui
