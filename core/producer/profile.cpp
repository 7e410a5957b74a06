#include "core/producer/profile.h"

#include <algorithm>
#include <array>

namespace sendscope {

namespace {

// clang-format off
constexpr std::array kProfiles = std::to_array<Profile>({
    {.name = "kafka-3.9",
     .linger_ms = "0", .recovery_strategy = "none",
     .in_flight_turns_idempotence_off = true, .checks_lists = false,
     .latest_produce = 11, .latest_metadata = 12, .transactions_v2 = false,
     .rebootstraps_by_time = false, .halves_split_batches = false, .survives_lost_id_mapping = true,
     .wraps_last_error = false, .refused_abort_is_fatal = false, .acknowledges_with_headers = false,
     .old_time_metrics = true},
    {.name = "kafka-4.0",
     .linger_ms = "5", .recovery_strategy = "rebootstrap",
     .in_flight_turns_idempotence_off = false, .checks_lists = false,
     .latest_produce = 12, .latest_metadata = 13, .transactions_v2 = true,
     .rebootstraps_by_time = true, .halves_split_batches = false, .survives_lost_id_mapping = false,
     .wraps_last_error = false, .refused_abort_is_fatal = false, .acknowledges_with_headers = false,
     .old_time_metrics = false},
    {.name = "kafka-4.1",
     .linger_ms = "5", .recovery_strategy = "rebootstrap",
     .in_flight_turns_idempotence_off = false, .checks_lists = false,
     .latest_produce = 13, .latest_metadata = 13, .transactions_v2 = true,
     .rebootstraps_by_time = true, .halves_split_batches = false, .survives_lost_id_mapping = false,
     .wraps_last_error = true, .refused_abort_is_fatal = true, .acknowledges_with_headers = true,
     .old_time_metrics = false},
    {.name = "kafka-4.3",
     .linger_ms = "5", .recovery_strategy = "rebootstrap",
     .in_flight_turns_idempotence_off = false, .checks_lists = true,
     .latest_produce = 13, .latest_metadata = 13, .transactions_v2 = true,
     .rebootstraps_by_time = true, .halves_split_batches = true, .survives_lost_id_mapping = false,
     .wraps_last_error = true, .refused_abort_is_fatal = true, .acknowledges_with_headers = true,
     .old_time_metrics = false},
});
// clang-format on

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

const Profile& newest_profile() { return kProfiles.back(); }

const Profile* find_profile(std::string_view name) {
  const auto found = std::find_if(kProfiles.begin(), kProfiles.end(),
                                  [&](const Profile& profile) { return profile.name == name; });
  return found == kProfiles.end() ? nullptr : &*found;
}

std::string profile_names() {
  std::string text;
  for (const Profile& profile : kProfiles) {
    if (!text.empty()) text += &profile == &kProfiles.back() ? " or " : ", ";
    text += profile.name;
  }
  return text;
}

}  // namespace sendscope
