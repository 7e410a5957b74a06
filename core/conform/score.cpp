// Replays many transcripts and adds up how they went.
#include <algorithm>
#include <filesystem>

#include "core/conform/family.h"

namespace sendscope::conform {

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
  tally.lines += static_cast<std::int64_t>(transcript.lines.size());
  tally.cut += report.cut_lines() > 0 ? 1 : 0;
  tally.cut_lines += report.cut_lines();
  for (const auto& [row, lines] : report.excused()) score.excused[row] += lines;
  for (std::size_t codec = 0; codec < score.packed.size(); ++codec) {
    score.packed[codec].same += report.packed()[codec].same;
    score.packed[codec].other += report.packed()[codec].other;
    score.packed[codec].unknown += report.packed()[codec].unknown;
  }
}

std::string padded(std::string text, std::size_t width, bool right) {
  const std::string blanks(text.size() < width ? width - text.size() : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string packed_table(const RecordedCompressor::Tallies& tallies) {
  std::string text;
  for (std::size_t codec = 1; codec < tallies.size(); ++codec) {
    const auto& [same, other, unknown] = tallies[codec];
    if (same + other + unknown == 0) continue;
    if (text.empty())
      text = "\nbatches packed by  Kafka's bytes  other bytes, same records  not shown in the transcript\n";
    const std::string name(wire::compression_name(static_cast<wire::CompressionType>(codec)));
    text += padded(name, 17, false) + padded(std::to_string(same), 15, true) +
            padded(std::to_string(other), 27, true) + padded(std::to_string(unknown), 29, true) + "\n";
  }
  return text;
}

}  // namespace

bool Score::all_equal() const {
  return std::all_of(rows.begin(), rows.end(),
                     [](const auto& row) { return row.second.passed == row.second.total; });
}

std::string Score::table() const {
  std::string text = padded("family", 12, false) + padded("profile", 18, false) + "  passed / total\n";
  Tally all;
  for (const auto& [key, tally] : rows) {
    text += padded(key.first, 12, false) + padded(key.second, 18, false) +
            padded(std::to_string(tally.passed), 8, true) + " / " + std::to_string(tally.total) +
            (tally.passed == tally.total ? "" : "   DIFFERS") + "\n";
    all.cut += tally.cut;
    all.lines += tally.lines;
    all.cut_lines += tally.cut_lines;
  }
  if (all.cut > 0) {
    text += "\n" + std::to_string(all.cut) +
            " transcripts were compared only up to the line where an exception escapes inside Kafka's I/O "
            "thread: " +
            std::to_string(all.cut_lines) + " of " + std::to_string(all.lines) + " lines were not compared\n";
  }
  if (!excused.empty()) text += "\nlines excused by a row of the deviations\n";
  for (const auto& [row, lines] : excused)
    text += padded(std::string(deviation_row(row).name), 30, false) + padded(std::to_string(lines), 8, true) +
            "\n";
  return text + packed_table(packed);
}

std::string Score::first_differences() const {
  std::string text;
  std::map<std::string, int> seen;
  for (const Difference& difference : differences)
    if (++seen[difference.profile] == 1) text += difference.profile + ": " + to_string(difference) + "\n";
  return text;
}

Score score_of(std::span<const std::string> paths) {
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

}  // namespace sendscope::conform
