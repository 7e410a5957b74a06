#include "sim/load.h"

#include <algorithm>

#include "sim/scenario_limits.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kPatternBytes = 1u << 20;
constexpr std::uint64_t kPatternSeed = 0x5ca1ab1e;
constexpr std::uint64_t kZipfUnit = 1'000'000'000;

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// "{i}" becomes the number.
void expand(std::string_view pattern, std::uint64_t number, std::string& out) {
  out.clear();
  for (;;) {
    const std::size_t at = pattern.find("{i}");
    if (at == std::string_view::npos) break;
    out += pattern.substr(0, at);
    out += std::to_string(number);
    pattern.remove_prefix(at + 3);
  }
  out += pattern;
}

}  // namespace

ValueBytes::Buffer ValueBytes::filled(std::size_t size) {
  Buffer buffer(size);
  Prng prng(kPatternSeed);
  for (std::byte& b : buffer) b = static_cast<std::byte>(prng.next_u32());
  return buffer;
}

ValueBytes::ValueBytes() { buffers_.push_back(std::make_unique<const Buffer>(filled(2 * kPatternBytes))); }

Bytes ValueBytes::slice(std::uint64_t number, std::size_t size) const {
  const auto start = static_cast<std::size_t>(number * 61 % kPatternBytes);
  while (buffers_.back()->size() < start + size) {
    buffers_.push_back(std::make_unique<const Buffer>(filled(2 * buffers_.back()->size())));
  }
  const auto fits = std::find_if(buffers_.begin(), buffers_.end(),
                                 [&](const auto& buffer) { return buffer->size() >= start + size; });
  return Bytes(**fits).subspan(start, size);
}

Zipf::Zipf(std::uint32_t ranks) {
  std::uint64_t sum = 0;
  for (std::uint32_t rank = 0; rank < std::max(ranks, 1u); ++rank) {
    sum += kZipfUnit / (rank + 1);
    cumulative_.push_back(sum);
  }
}

std::uint32_t Zipf::draw(Prng& prng) const {
  const std::uint64_t drawn = prng.below(cumulative_.back());
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), drawn);
  return static_cast<std::uint32_t>(found - cumulative_.begin());
}

RecordSource::RecordSource(const SendStep& step, const ValueBytes& bytes, Nanos started)
    : step_(step), bytes_(bytes), started_(started), last_due_(started) {
  if (step.key.kind == KeySpec::Kind::kZipf) zipf_ = std::make_unique<Zipf>(step.key.zipf);
  for (const auto& [key, value] : step.headers) headers_.push_back({key, bytes_of(value)});
}

bool RecordSource::finished(Nanos now) const {
  if (step_.count != 0 && made_ >= step_.count) return true;
  return step_.duration > 0 && now - started_ >= step_.duration;
}

Nanos RecordSource::due(Nanos now, Prng& prng) {
  switch (step_.pace.kind) {
    case Pace::Kind::kNone: return now;
    case Pace::Kind::kEvery:
      // From one send to the next: what was late stays late.
      last_due_ = made_ == 0 ? now : std::max(now, last_due_ + step_.pace.every.draw(prng));
      return last_due_;
    case Pace::Kind::kRate:
      // The number of the record times a billion, over the rate, in whole seconds and the rest.
      last_due_ = started_ + static_cast<Nanos>(made_ / step_.pace.per_second) * kNanosPerSecond +
                  static_cast<Nanos>(made_ % step_.pace.per_second *
                                     static_cast<std::uint64_t>(kNanosPerSecond) / step_.pace.per_second);
      return last_due_;
    case Pace::Kind::kPoisson: {
      const auto mean = kNanosPerSecond / static_cast<Nanos>(step_.pace.per_second);
      last_due_ += Distribution::exponential(mean).draw(prng);
      return last_due_;
    }
  }
  return now;
}

Record RecordSource::make(Prng& prng) {
  Record record;
  record.topic = step_.topic;
  record.partition = step_.partition.value_or(kUnknownPartition);
  record.timestamp_ms = step_.timestamp_ms.value_or(kNoTimestamp);
  record.headers = headers_;
  make_key(record, prng);
  make_value(record, prng);
  ++made_;
  return record;
}

void RecordSource::make_key(Record& record, Prng& prng) {
  switch (step_.key.kind) {
    case KeySpec::Kind::kNone: return;
    case KeySpec::Kind::kText: expand(step_.key.text, made_, key_); break;
    case KeySpec::Kind::kZipf: key_ = "key-" + std::to_string(zipf_->draw(prng)); break;
  }
  record.key = bytes_of(key_);
}

void RecordSource::make_value(Record& record, Prng& prng) {
  switch (step_.value.kind) {
    case ValueSpec::Kind::kNone: return;
    case ValueSpec::Kind::kText:
      expand(step_.value.text, made_, value_);
      record.value = bytes_of(value_);
      return;
    case ValueSpec::Kind::kSize: {
      const auto size = std::clamp<std::int64_t>(step_.value.size.draw(prng), 0, kMostValueBytes);
      record.value = bytes_.slice(made_, static_cast<std::size_t>(size));
      return;
    }
  }
}

}  // namespace sendscope::sim
