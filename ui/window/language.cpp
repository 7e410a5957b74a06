#include "ui/window/language.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "ui/layout/texts.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {

std::optional<int> choose_language(const std::string& file) {
  const char* set = std::getenv("SENDSCOPE_LANGUAGE");
  const std::string path = !file.empty() ? file : set != nullptr ? set : "";
  if (path.empty()) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(kExitBadInput, path + ": found no such file; expected texts of another language");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const std::vector<std::string> problems = read_language(text, all_texts());
  for (const std::string& problem : problems) tell(path + ", " + problem);
  return problems.empty() ? std::nullopt : std::optional(kExitBadInput);
}

}  // namespace sendscope::ui
