#include "tests/support/repository.h"

namespace sendscope::test {

std::string repository(std::string_view path) {
  return std::string(SENDSCOPE_SOURCE_DIR) + "/" + std::string(path);
}

std::string built_program() { return SENDSCOPE_PROGRAM; }

}  // namespace sendscope::test
