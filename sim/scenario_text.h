// Changes of a scenario's text that leave the rest of it as it was written, comments and layout included.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sendscope::sim {

// The keys that lead to a value: {"producers", "p1", "config", "linger.ms"}.
using JsonPath = std::vector<std::string>;

// The text with this value at the path, given as JSON; objects that are missing on the way are made. Errors:
// the text is no JSON, or what stands on the way is no object.
Result<std::string> with_value(const std::string& text, const JsonPath& path, const std::string& value);
// The text with the item at the end of the list at the path; a list that is missing is made.
Result<std::string> with_item(const std::string& text, const JsonPath& path, const std::string& item);
// The text with a placeholder for every value that is a secret. A text that is no JSON stays as it is.
std::string without_secrets(const std::string& text);
// The text as a string of JSON, with its quotes.
std::string json_string(std::string_view text);

}  // namespace sendscope::sim
