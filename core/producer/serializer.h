// Objects to bytes. Records of this house carry bytes already, so a Serializer maps bytes to bytes; the
// applications' own types are turned into bytes by whoever calls send(). Source: Kafka Serializer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/types.h"

namespace sendscope {

// Thread-safety: serialize() is called from any application thread, concurrently.
class Serializer {
 public:
  virtual ~Serializer() = default;
  virtual std::string_view name() const = 0;
  // `scratch` belongs to the call: a serializer that makes new bytes puts them there and returns a view of
  // it. Fails with kSerialization; send() then throws and no callback runs.
  virtual Result<std::optional<Bytes>> serialize(std::string_view topic, std::optional<Bytes> data,
                                                 std::string& scratch) = 0;
};

// Serializers known by their Kafka class names, full or simple ("StringSerializer",
// "org.apache.kafka.common.serialization.ByteArraySerializer"): each takes bytes as they are, and checks them
// where Kafka's would fail (the fixed-size ones). Null when the name is not known.
std::unique_ptr<Serializer> make_serializer(std::string_view class_name);
bool is_known_serializer(std::string_view class_name);

}  // namespace sendscope
