// The schema of scenario files, for editors: which keys and values the loader takes, as JSON Schema (draft
// 7). It is made from the tables that the loader reads by, so that both say the same.
//
// What a schema cannot say, and only the loader does: whether a name or a node exists and two values go
// together; what an expression means; that a fraction comes out whole; sizes and numbers within a text; that
// 5.0 is no whole number; how deep steps lie in steps; a key that stands twice.
#pragma once

#include <string>

namespace sendscope::sim {

// The whole text, the same every time; ends with a line feed.
std::string scenario_schema();

}  // namespace sendscope::sim
