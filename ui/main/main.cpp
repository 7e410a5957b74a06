#include <csignal>
#include <string>
#include <vector>

#include "ui/terminal/commands.h"

int main(int count, char** words) {
  // A file that may not grow any further is an error of the write, as a full disk is, and no reason to die.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string> arguments(words + 1, words + count);
  return sendscope::ui::run_program(arguments);
}
