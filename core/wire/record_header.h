// A header of a record, as applications hand it over and as batches carry it.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/types.h"

namespace sendscope {

// A view. Keys may repeat and keep their order; a null value is not an empty one.
struct RecordHeader {
  std::string_view key;
  std::optional<Bytes> value;
};

}  // namespace sendscope
