#include "tests/core/live/fake_broker.h"

namespace sendscope::live {

FakeBroker::FakeBroker(const FakeBrokerOptions& options)
    : options_(options), peer_([this](PeerSocket& socket) { serve(socket); }) {}

BrokerAnswers& FakeBroker::answers() {
  if (!answers_) answers_.emplace(options_.partitions, peer_.port());
  return *answers_;
}

std::map<std::int32_t, std::vector<std::string>> FakeBroker::stored() const {
  std::lock_guard lock(mutex_);
  return answers_ ? answers_->stored() : std::map<std::int32_t, std::vector<std::string>>{};
}

std::size_t FakeBroker::stored_count() const {
  std::size_t count = 0;
  for (const auto& [partition, values] : stored()) count += values.size();
  return count;
}

void FakeBroker::serve(PeerSocket& socket) {
  std::vector<std::byte> held;
  std::size_t held_count = 0;
  for (;;) {
    const std::vector<std::byte> length = socket.read_exactly(4);
    if (length.size() < 4) return;
    const auto size = load_big_endian<std::int32_t>(length.data());
    const std::vector<std::byte> frame = socket.read_exactly(static_cast<std::size_t>(size));
    if (frame.size() < static_cast<std::size_t>(size)) return;
    std::optional<std::vector<std::byte>> reply;
    {
      std::lock_guard lock(mutex_);
      reply = answers().answer(frame);
    }
    if (!reply) continue;
    held.insert(held.end(), reply->begin(), reply->end());
    const bool produced = load_big_endian<std::int16_t>(frame.data()) == 0;
    if (produced && ++held_count < options_.answers_per_write) continue;
    socket.write(held);
    held.clear();
    held_count = 0;
  }
}

}  // namespace sendscope::live
