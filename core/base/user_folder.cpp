#include "core/base/user_folder.h"

#include <cstdlib>
#include <filesystem>

namespace sendscope {

std::string user_folder(const char* variable, const char* otherwise) {
  constexpr const char* kOurs = "sendscope";
  const char* named = std::getenv(variable);
  if (named != nullptr && *named == '/') return (std::filesystem::path(named) / kOurs).string();
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return "";
  return (std::filesystem::path(home) / otherwise / kOurs).string();
}

}  // namespace sendscope
