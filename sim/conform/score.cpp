// Replays many transcripts and adds up how they went.
#include <algorithm>
#include <filesystem>

#include "sim/conform/family.h"

namespace sendscope::sim {

namespace {

namespace fs = std::filesystem;

// Files as they are; of directories every *.jsonl below them. By name, so that runs can be compared.
std::vector<std::string> files_of(std::span<const std::string> paths, std::vector<Error>& unreadable) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    for (fs::recursive_directory_iterator entry(path, error), end; entry != end && !error;
         entry.increment(error)) {
      if (entry->path().extension() == ".jsonl") files.push_back(entry->path().string());
    }
    if (error) unreadable.push_back({ErrorCode::kIo, path + ": " + error.message()});
  }
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const Transcript& transcript, Score& score) {
  Tally& tally = score.rows[{transcript.family, transcript.profile}];
  ++tally.total;
  Report report(transcript);
  const Family* family = find_family(transcript.family);
  if (family == nullptr) {
    report.differs("family", "one that is replayed", transcript.family);
  } else {
    try {
      family->replay(transcript, report);
    } catch (const std::exception& problem) {  // the line lacks or overdoes something
      report.differs("input", "a well-formed operation", problem.what());
    }
  }
  if (report.ok()) {
    ++tally.passed;
  } else {
    score.differences.insert(score.differences.end(), report.differences().begin(),
                             report.differences().end());
  }
}

std::string padded(std::string text, std::size_t width, bool right) {
  const std::string blanks(text.size() < width ? width - text.size() : 0, ' ');
  return right ? blanks + text : text + blanks;
}

}  // namespace

bool Score::all_equal() const {
  return std::all_of(rows.begin(), rows.end(),
                     [](const auto& row) { return row.second.passed == row.second.total; });
}

std::string Score::table() const {
  std::string text = padded("family", 12, false) + padded("profile", 18, false) + "  passed / total\n";
  for (const auto& [key, tally] : rows) {
    text += padded(key.first, 12, false) + padded(key.second, 18, false) +
            padded(std::to_string(tally.passed), 8, true) + " / " + std::to_string(tally.total) +
            (tally.passed == tally.total ? "" : "   DIFFERS") + "\n";
  }
  return text;
}

Score conform(std::span<const std::string> paths) {
  Score score;
  for (const std::string& file : files_of(paths, score.unreadable)) {
    const Result<Transcript> transcript = read_transcript(file);
    if (transcript) {
      replay(*transcript, score);
    } else {
      score.unreadable.push_back(transcript.error());
    }
  }
  return score;
}

}  // namespace sendscope::sim
