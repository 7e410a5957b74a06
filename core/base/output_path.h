// Where to write a file that must not look whole before it is: beside it, under another name, to be renamed
// when it is whole. A device or a pipe is written in place: renaming would put a file there instead of it.
//
// Thread-safety: none. Functions that fail leave errno.
#pragma once

#include <string>

namespace sendscope {

class OutputPath {
 public:
  // suffix: what is added to the name until the file is whole, such as ".unfinished".
  OutputPath(std::string path, const std::string& suffix);

  const std::string& final_path() const { return path_; }
  const std::string& staging_path() const { return staging_; }
  // There is a directory of this name: no file can be written here.
  bool is_directory() const { return is_directory_; }
  // Gives what stands at staging_path() its name. False: the system refused.
  bool publish() const;
  // Removes what stands at staging_path(), unless it is a device or pipe.
  void discard() const;

 private:
  std::string path_, staging_;
  bool is_directory_ = false;
};

}  // namespace sendscope
