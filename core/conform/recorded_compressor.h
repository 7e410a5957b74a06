// A compressor that packs records exactly as Kafka's did: it knows every batch of a transcript by its
// uncompressed records. Releases of a codec pack differently, sizes feed the compression ratio estimates and
// so decide where later batches end; with Kafka's packing put in place of ours everything around it can be
// held against Kafka's bytes. Where ours differs, it must unpack to the same records.
#pragma once

#include <array>
#include <map>
#include <string>
#include <tuple>

#include "core/wire/record_batch.h"

namespace sendscope::conform {

class RecordedCompressor final : public wire::Compressor {
 public:
  // How the packing of our codec library compares with that of Kafka's.
  struct Tally {
    int same = 0;     // byte for byte
    int other = 0;    // other bytes of the same records; Kafka's were taken
    int unknown = 0;  // the transcript does not show this batch; ours were taken
  };
  using Tallies = std::array<Tally, wire::kCompressionTypes>;

  // A batch as Kafka closed it. Nothing is learnt of one that does not unpack here.
  void learn(Bytes batch, int level);
  void compress(const wire::Compression& compression, Bytes records, std::vector<std::byte>& out) override;

  const Tallies& tallies() const { return tallies_; }
  // Ours did not unpack to what was packed; empty: it always did.
  const std::string& complaint() const { return complaint_; }

 private:
  using Key = std::tuple<wire::CompressionType, int, std::string>;  // codec, level, records
  static Key key_of(wire::CompressionType type, int level, Bytes records);

  std::map<Key, std::vector<std::byte>> packed_;
  Tallies tallies_{};
  std::string complaint_;
};

}  // namespace sendscope::conform
