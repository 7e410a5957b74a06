#include "ui/window/file_watch.h"

#include <filesystem>

namespace sendscope::ui {

void FileWatch::watch(std::vector<std::string> paths) {
  paths_ = std::move(paths);
  seen_ = stamps();
}

bool FileWatch::changed() {
  std::vector<Stamp> now = stamps();
  if (now.empty() || now == seen_) return false;
  seen_ = std::move(now);
  return true;
}

std::vector<FileWatch::Stamp> FileWatch::stamps() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : paths_) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(path, error);
    const std::uintmax_t size = error ? 0 : std::filesystem::file_size(path, error);
    if (error) return {};
    stamps.push_back({time.time_since_epoch().count(), size});
  }
  return stamps;
}

}  // namespace sendscope::ui
