#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sendscope::detail {

void check_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "sendscope: invariant broken: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace sendscope::detail
