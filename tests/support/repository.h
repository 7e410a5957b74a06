// Where the tests find the repository's files and the program that was built from it.
#pragma once

#include <string>
#include <string_view>

namespace sendscope::test {

// The full path of a file or folder of the repository: repository("scenarios/first-send.json").
std::string repository(std::string_view path);
// The full path of the program under test.
std::string built_program();

}  // namespace sendscope::test
