#include "core/wire/compression_ratio_estimator.h"

#include <algorithm>

namespace sendscope::wire {
namespace {

constexpr float kImprovingStep = 0.005f;
constexpr float kDeterioratingStep = 0.05f;

std::size_t index(CompressionType type) { return static_cast<std::size_t>(type); }

}  // namespace

CompressionRatioEstimator::Ratios& CompressionRatioEstimator::ratios(std::string_view topic) {
  const auto [entry, added] = topics_.try_emplace(std::string(topic));
  if (added) entry->second.fill(1.0f);
  return entry->second;
}

float CompressionRatioEstimator::estimation(std::string_view topic, CompressionType type) const {
  if (type == CompressionType::kNone) return 1.0f;
  MutexLock lock(mutex_);
  const auto entry = topics_.find(std::string(topic));
  return entry == topics_.end() ? 1.0f : entry->second[index(type)];
}

float CompressionRatioEstimator::update(std::string_view topic, CompressionType type, float measured) {
  MutexLock lock(mutex_);
  float& guess = ratios(topic)[index(type)];
  if (measured > guess) {
    guess = std::max(guess + kDeterioratingStep, measured);
  } else if (measured < guess) {
    guess = std::max(guess - kImprovingStep, measured);
  }
  return guess;
}

void CompressionRatioEstimator::set(std::string_view topic, CompressionType type, float ratio) {
  MutexLock lock(mutex_);
  ratios(topic)[index(type)] = ratio;
}

}  // namespace sendscope::wire
