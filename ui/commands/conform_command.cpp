// `sendscope conform PATH...`: replays transcripts of Kafka's own producer and prints the score.
#include <filesystem>
#include <iostream>

#include "core/conform/transcript.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {

int run_conform_command(Arguments words) {
  std::vector<std::string> paths;
  bool all = false;
  CommandLine line(
      "conform", "Replays transcripts of Kafka's own producer and tells where this one does something else.");
  line.required("paths", paths, "transcript files, or folders of them");
  line.flag("--all", all, "every difference, not only the first of each profile");
  if (const auto code = line.parse(words)) return *code;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return fail(kExitBadInput, path + ": there is no such file");
  }
  const conform::Score score = conform::score_of(paths);
  if (all) {
    for (const conform::Difference& difference : score.differences)
      std::cout << to_string(difference) << '\n';
  } else {
    std::cout << score.first_differences();
  }
  std::cout << score.table();
  for (const Error& error : score.unreadable) fail(kExitBadInput, error.message);
  if (!score.unreadable.empty()) return kExitBadInput;
  if (score.rows.empty())
    return fail(kExitBadInput, "no transcripts there; expected files that end in .jsonl");
  return score.all_equal() ? kExitDone : kExitFailed;
}

}  // namespace sendscope::ui
