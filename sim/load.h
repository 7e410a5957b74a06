// The records an application thread sends: keys, values, headers and the moments to send them, made from a
// step's description and the thread's own generator.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/prng.h"
#include "core/producer/record.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// Bytes that look random, the same in every run, shared by all values of a simulation.
class ValueBytes {
 public:
  ValueBytes();
  Bytes slice(std::uint64_t number, std::size_t size) const;

 private:
  // Ever larger ones; those handed out stay where they are.
  using Buffer = std::vector<std::byte>;
  static Buffer filled(std::size_t size);
  mutable std::vector<std::unique_ptr<const Buffer>> buffers_;
};

// The weights 1, 1/2, 1/3, ... of `ranks` keys.
class Zipf {
 public:
  explicit Zipf(std::uint32_t ranks);
  std::uint32_t draw(Prng& prng) const;

 private:
  std::vector<std::uint64_t> cumulative_;
};

// One send step while it runs.
class RecordSource {
 public:
  RecordSource(const SendStep& step, const ValueBytes& bytes, Nanos started);

  const SendStep& step() const { return step_; }
  // The next record. A view of the step and of this object, valid until the next call.
  Record make(Prng& prng);
  std::uint64_t made() const { return made_; }
  // Whether another record is to be sent at `now`.
  bool finished(Nanos now) const;
  // When the next record is due; not after `now` when it is overdue. Call once before each record.
  Nanos due(Nanos now, Prng& prng);

 private:
  void make_key(Record& record, Prng& prng);
  void make_value(Record& record, Prng& prng);

  const SendStep& step_;
  const ValueBytes& bytes_;
  Nanos started_;
  Nanos last_due_;
  std::uint64_t made_ = 0;
  std::unique_ptr<Zipf> zipf_;
  std::string key_;
  std::string value_;
  std::vector<RecordHeader> headers_;
};

}  // namespace sendscope::sim
