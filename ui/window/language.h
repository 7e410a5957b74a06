// The language of the window: what --language names, else SENDSCOPE_LANGUAGE, else English. `sendscope help
// texts` prints the English in the form of such a file (core/event/catalogue.h).
#pragma once

#include <optional>
#include <string>

namespace sendscope::ui {

// To be called before the first frame. `file`: what --language said; empty: nothing. Nothing: the language is
// spoken. Otherwise the exit code: the file cannot be read, or is wrong; every mistake is printed with file
// and line.
std::optional<int> choose_language(const std::string& file);

}  // namespace sendscope::ui
