// The scenarios that belong to the repository: a user's own in the same folder need not keep our promises.
// Where git does not know the folder (a source archive), all that lie there.
#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/repository.h"

namespace sendscope::test {

// Their paths, in order of their names.
inline std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> paths;
  const std::string source = repository("");
  const std::string words = "git -C '" + source + "' ls-files scenarios 2>/dev/null";
  if (std::FILE* listing = popen(words.c_str(), "r")) {
    std::string name;
    for (int c = 0; (c = std::fgetc(listing)) != EOF;) {
      if (c != '\n') {
        name += static_cast<char>(c);
        continue;
      }
      if (name.ends_with(".json") && std::filesystem::exists(source + name))
        paths.push_back(source + name);
      name.clear();
    }
    pclose(listing);
  }
  if (paths.empty()) {
    for (const auto& entry : std::filesystem::directory_iterator(source + "scenarios")) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sendscope::test
