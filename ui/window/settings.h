// What the window keeps from one run to the next: theme, size, axis, and of each scenario the speed and how
// far its lesson was read. A JSON file; whatever else stands in it stays there.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "ui/layout/view.h"

namespace sendscope::ui {

// XDG_CONFIG_HOME/sendscope/settings.json; empty: the environment names no such folder.
std::string settings_path();

class Settings {
 public:
  // path: empty, and nothing is read or kept. A file that is not there says nothing. One that is damaged is
  // renamed, and trouble() says so; a value that makes no sense is told there too, and does not count.
  explicit Settings(const std::string& path);
  ~Settings();

  const std::string& trouble() const { return trouble_; }

  // Lays what was kept of every run over the view.
  void apply(View& view) const;
  // What was kept of one scenario, which its path names.
  std::optional<double> speed(const std::string& scenario) const;
  // The furthest step of its lesson that was reached; none: not begun.
  std::optional<int> step(const std::string& scenario) const;

  // Takes over what has changed from one view to the next.
  void note(const View& before, const View& now, const std::string& scenario);
  void note_step(const std::string& scenario, int step);

  // Writes the file when something was noted since it was written. Whoever reads it sees the old one or the
  // new one. Errors: it cannot be written.
  Result<void> save();

 private:
  struct Document;

  void read();
  void complain(const std::string& what);
  void set_aside();

  std::string path_, trouble_;
  std::unique_ptr<Document> document_;
  bool changed_ = false;
};

}  // namespace sendscope::ui
