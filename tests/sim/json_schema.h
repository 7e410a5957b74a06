// As much of JSON Schema (2020-12) as assets/scenario.schema.json uses; a keyword it does not know is an
// error, so that the schema cannot say things that nobody checks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sendscope::testing {

// Empty when the value obeys the schema; otherwise where and why not.
std::string violates(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace sendscope::testing
