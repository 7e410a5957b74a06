#include "ui/workbench/branches.h"

#include <algorithm>
#include <utility>

namespace sendscope::ui {

std::optional<std::size_t> Branches::back() const {
  return here_ == 0 ? std::nullopt : std::optional(points_[here_].parent);
}

std::vector<std::size_t> Branches::ends() const {
  std::vector<std::size_t> found;
  for (std::size_t point = 0; point < points_.size(); ++point) {
    if (point != here_ && !points_[point].last) found.push_back(point);
  }
  return found;
}

std::optional<std::size_t> Branches::next_end() const {
  const std::vector<std::size_t> all = ends();
  if (all.empty()) return std::nullopt;
  const auto behind = std::upper_bound(all.begin(), all.end(), here_);
  return behind == all.end() ? all.front() : *behind;
}

void Branches::grow(run::HandWork work) {
  points_.push_back({std::move(work), here_, {}});
  points_[here_].last = points_.size() - 1;
  here_ = points_.size() - 1;
}

void Branches::go(std::size_t point, run::HandWork work) {
  points_[point].work = std::move(work);
  here_ = point;
  for (std::size_t at = point; at != 0; at = points_[at].parent) points_[points_[at].parent].last = at;
}

}  // namespace sendscope::ui
