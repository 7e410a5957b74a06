// The notation of pipeline transcripts: bytes, errors, and the state of a producer as a bystander sees it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/conform/transcript.h"
#include "core/producer/producer.h"

namespace sendscope::conform {

// {"class", "code" where Kafka's class has one, "cause" where there is one}; null for no error.
Json describe_error(const Error* error);
// Everything under "state" but "waiting".
Json observe(Producer& producer);
// The place of every node of a header in the hash set of ready nodes that Kafka goes through when it drains.
std::map<NodeId, int> hash_ranks(const Json& nodes);
// The record batches in a produce request as it is on the wire; none when it cannot be read.
std::vector<std::vector<std::byte>> batches_of(Bytes frame);

}  // namespace sendscope::conform
