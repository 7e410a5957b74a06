// The right word nearest to a wrong one, for "did you mean".
#pragma once

#include <span>
#include <string_view>

namespace sendscope {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `word`, case
// ignored; the first of several. Empty when even that one is further than a third of the word's length, but
// at least two edits.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sendscope
