#include "core/base/output_path.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace sendscope {

OutputPath::OutputPath(std::string path, const std::string& suffix) : path_(std::move(path)) {
  std::error_code ignored;
  const std::filesystem::file_status there = std::filesystem::status(path_, ignored);
  is_directory_ = std::filesystem::is_directory(there);
  staging_ = std::filesystem::exists(there) && std::filesystem::is_other(there) ? path_ : path_ + suffix;
}

bool OutputPath::publish() const {
  return staging_ == path_ || std::rename(staging_.c_str(), path_.c_str()) == 0;
}

void OutputPath::discard() const {
  if (staging_ != path_) std::remove(staging_.c_str());
}

}  // namespace sendscope
