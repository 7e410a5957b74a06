// Who answers when it is no Kafka broker: told by the first bytes that came, before any of them counts as a
// length.
//
// Thread-safety: any thread; a pure function.
#pragma once

#include <string>

#include "core/base/types.h"
#include "core/event/event.h"

namespace sendscope {

struct Stranger {
  LossReason reason = LossReason::kNotKafka;
  std::string words;  // what came, as far as a person can read it
};

// `head`: the bytes that do not begin a frame, at least four.
Stranger recognise_stranger(Bytes head);

}  // namespace sendscope
