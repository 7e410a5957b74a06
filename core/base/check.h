// Assertions that stay on in release builds. They state invariants, never reactions to input from outside.
#pragma once

namespace sendscope::detail {
[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;
}

#define SENDSCOPE_CHECK(expression)                     \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::sendscope::detail::check_failed(#expression, __FILE__, __LINE__))
