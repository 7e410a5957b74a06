// What one broker says to a producer, as a function of the bytes it gets: ApiVersions, Metadata, Produce and
// what coordinators are asked. It keeps what it is sent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/wire/frame.h"
#include "tests/support/memory_coordinator.h"

namespace sendscope::live {

class BrokerAnswers {
 public:
  BrokerAnswers(std::int32_t partitions, std::uint16_t port);

  // The frame to answer with, its length included; none for Produce with acks 0 and for what it does not
  // know.
  std::optional<std::vector<std::byte>> answer(Bytes frame);
  // Values stored so far, by partition, in the order of the log.
  const std::map<std::int32_t, std::vector<std::string>>& stored() const { return logs_; }

 private:
  std::optional<std::vector<std::byte>> produce(const wire::RequestHeader& header, ByteReader& in);
  std::int64_t store(std::int32_t partition, Bytes records);

  std::int32_t partitions_;
  std::uint16_t port_;
  testing::MemoryCoordinator coordinator_;
  std::map<std::int32_t, std::vector<std::string>> logs_;
};

}  // namespace sendscope::live
