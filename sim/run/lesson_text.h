// Where expressions stand in the text of a lesson.
#pragma once

#include <cstddef>
#include <string_view>

namespace sendscope::run {

// Where the next {EXPRESSION} at or after `from` begins, outside of `code`; npos: there is none.
std::size_t next_value(std::string_view text, std::size_t from);

}  // namespace sendscope::run
