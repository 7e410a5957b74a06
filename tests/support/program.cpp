#include "tests/support/program.h"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/catch.h"
#include "tests/support/repository.h"

namespace sendscope::testing {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

ProgramFolder::ProgramFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sendscope-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
}

ProgramFolder::~ProgramFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ProgramResult ProgramFolder::shell(const std::string& line) const {
  const std::string whole = "cd '" + folder_ + "' && export SENDSCOPE='" + test::built_program() +
                            "' DISPLAY= WAYLAND_DISPLAY= && { " + line + "\n} >.out 2>.err </dev/null";
  const int status = std::system(whole.c_str());
  ProgramResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = text_of(path(".out"));
  result.err = text_of(path(".err"));
  return result;
}

ProgramResult ProgramFolder::run(const std::string& words) const { return shell("\"$SENDSCOPE\" " + words); }

std::string ProgramFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string ProgramFolder::read(const std::string& name) const { return text_of(path(name)); }

bool ProgramFolder::has(const std::string& name) const { return std::filesystem::exists(path(name)); }

}  // namespace sendscope::testing
