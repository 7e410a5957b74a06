// Every message by name, for tests that treat them alike.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/wire/add_offsets_to_txn.h"
#include "core/wire/add_partitions_to_txn.h"
#include "core/wire/api_versions.h"
#include "core/wire/end_txn.h"
#include "core/wire/find_coordinator.h"
#include "core/wire/frame.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "core/wire/txn_offset_commit.h"

namespace sendscope::wire {

// A frame in its file: "request Produce 13 <hex>", with the 4-byte length.
struct KafkaFrame {
  bool request = false;
  ApiKey api{};
  std::int16_t version = 0;
  std::vector<std::byte> bytes;
  std::string text;  // the line without the bytes
};

// Frames that Kafka's own classes wrote.
const std::vector<KafkaFrame>& kafka_frames();

// Decodes header and message and writes them again.
Result<std::vector<std::byte>> rewrite(const KafkaFrame& frame);

// Calls `visit` with a null pointer of the message's type.
template <typename Visit>
void visit_message(bool request, ApiKey api, Visit visit) {
#define SENDSCOPE_MESSAGE(name)                                                                           \
  case ApiKey::k##name:                                                                                   \
    request ? visit(static_cast<name##Request*>(nullptr)) : visit(static_cast<name##Response*>(nullptr)); \
    break
  switch (api) {
    SENDSCOPE_MESSAGE(Produce);
    SENDSCOPE_MESSAGE(Metadata);
    SENDSCOPE_MESSAGE(FindCoordinator);
    SENDSCOPE_MESSAGE(ApiVersions);
    SENDSCOPE_MESSAGE(InitProducerId);
    SENDSCOPE_MESSAGE(AddPartitionsToTxn);
    SENDSCOPE_MESSAGE(AddOffsetsToTxn);
    SENDSCOPE_MESSAGE(EndTxn);
    SENDSCOPE_MESSAGE(TxnOffsetCommit);
  }
#undef SENDSCOPE_MESSAGE
}

}  // namespace sendscope::wire
