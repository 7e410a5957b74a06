// A delimiter as people type it, with the escapes of kcat.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sendscope::ui {

// \t \n \r \\ and \xNN stand for one byte each; everything else stands for itself. Fails with kInvalidInput
// when a backslash begins anything else.
Result<std::string> read_delimiter(std::string_view text);

}  // namespace sendscope::ui
