// Runs the program as a person does, in a folder of its own.
#pragma once

#include <string>

namespace sendscope::testing {

struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class ProgramFolder {
 public:
  ProgramFolder();
  ~ProgramFolder();
  ProgramFolder(const ProgramFolder&) = delete;
  ProgramFolder& operator=(const ProgramFolder&) = delete;

  // Words as the shell takes them.
  ProgramResult run(const std::string& words) const;
  // Any command line of the shell; $SENDSCOPE is the program.
  ProgramResult shell(const std::string& line) const;
  std::string write(const std::string& name, const std::string& text) const;  // returns its path
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

}  // namespace sendscope::testing
