// Where a person's own files of this program lie, as the XDG Base Directory Specification says.
#pragma once

#include <string>

namespace sendscope {

// The program's folder in the one that the variable names, such as XDG_DATA_HOME, else in `otherwise` below
// the home folder. Empty: the environment names neither. It need not exist.
std::string user_folder(const char* variable, const char* otherwise);

}  // namespace sendscope
