#include "core/net/first_bytes.h"

#include <algorithm>

namespace sendscope {
namespace {

constexpr std::size_t kMostQuoted = 32;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// The first line, as far as it is text.
std::string first_line(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_printable);
  return std::string(text.begin(), end);
}

// A record of TLS: its type (20 to 23), then the major version, which is 3 for all of SSL 3.0 to TLS 1.3.
bool is_tls(std::string_view head) { return head[0] >= 20 && head[0] <= 23 && head[1] == 3; }

bool is_web(std::string_view head) {
  return head.starts_with("HTTP") || head.starts_with("<!DO") || head.starts_with("<htm") ||
         head.starts_with("<HTM");
}

}  // namespace

Stranger recognise_stranger(Bytes head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), std::min(head.size(), kMostQuoted));
  if (is_tls(text)) return {LossReason::kSpeaksTls, text[0] == 21 ? "it answered with a TLS alert" : ""};
  const std::string line = first_line(text);
  if (is_web(text)) return {LossReason::kWebServer, "it answered \"" + line + "\""};
  if (line.size() >= 4) return {LossReason::kNotKafka, "it answered \"" + line + "\""};
  return {};
}

}  // namespace sendscope
