#include "core/conform/transcript.h"

#include <fstream>

namespace sendscope::conform {

namespace {

Error at_line(const std::string& file, int line, const std::string& problem) {
  return {ErrorCode::kInvalidInput, file + ":" + std::to_string(line) + ": " + problem};
}

// Empty when the line is one operation.
std::string problem_of(const Json& json) {
  if (json.is_discarded()) return "not JSON";
  if (!json.is_object()) return "not an object";
  if (!json.contains("op") || !json["op"].is_string()) return "has no \"op\"";
  for (const char* part : {"out", "state"}) {
    if (json.contains(part) && !json[part].is_object())
      return std::string("\"") + part + "\" is not an object";
  }
  return {};
}

std::string problem_of_header(const Json& json) {
  if (json.is_discarded() || !json.is_object())
    return "is not a transcript: the first line must be a JSON object";
  if (!json.contains("format") || json["format"] != 1) return "is not a transcript of format 1";
  for (const char* part : {"family", "profile"}) {
    if (!json.contains(part) || !json[part].is_string()) return std::string("header has no \"") + part + "\"";
  }
  if (!json.contains("seed") || !json["seed"].is_number_integer()) return "header has no \"seed\"";
  return {};
}

}  // namespace

Result<Transcript> read_transcript(const std::string& path) {
  std::ifstream in(path);
  if (!in) return Error(ErrorCode::kIo, path + ": cannot be read");
  Transcript transcript;
  transcript.file = path;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    Json json = Json::parse(text, nullptr, false);
    const std::string problem = number == 1 ? problem_of_header(json) : problem_of(json);
    if (!problem.empty()) return at_line(path, number, problem);
    if (number > 1) {
      transcript.lines.push_back({number, std::move(json)});
      continue;
    }
    transcript.family = json["family"];
    transcript.profile = json["profile"];
    transcript.seed = json["seed"];
    transcript.header = std::move(json);
  }
  if (in.bad()) return Error(ErrorCode::kIo, path + ": reading failed");
  if (transcript.file.empty() || transcript.header.is_null()) return at_line(path, 1, "is empty");
  return transcript;
}

}  // namespace sendscope::conform
