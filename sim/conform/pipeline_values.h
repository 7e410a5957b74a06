// The notation of pipeline transcripts: bytes, errors, and the state of a producer as a bystander sees it.
#pragma once

#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/producer/producer.h"
#include "sim/conform/transcript.h"

namespace sendscope::sim {

// {"class", "code" where Kafka's class has one, "cause" where there is one}; null for no error.
Json describe_error(const Error* error);
// Everything under "state" but "waiting".
Json observe(Producer& producer);

}  // namespace sendscope::sim
