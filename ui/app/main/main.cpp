#include <string>
#include <vector>

#include "ui/app/commands.h"

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  return sendscope::ui::run_program(arguments);
}
