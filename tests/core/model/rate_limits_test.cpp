// The lines that bound the rate, from configuration and measured round trips.
#include "core/model/rate_limits.h"

#include <algorithm>

#include "tests/core/model/support.h"

namespace sendscope {
namespace {

RateLimits limits_of(const Script& script, const Outage& outage = {}) {
  return rate_limits(script.model(), script.log.strings(), 0, outage);
}

const RateLimit* find(const RateLimits& limits, LimitKind kind) {
  const auto found = std::find_if(limits.limits.begin(), limits.limits.end(),
                                  [&](const RateLimit& limit) { return limit.kind == kind; });
  return found == limits.limits.end() ? nullptr : &*found;
}

TEST_CASE("before the first answer nothing can be said") {
  Script script;
  CHECK(limits_of(script).limits.empty());
  CHECK_FALSE(limits_of(script).lowest);
}

TEST_CASE("in-flight window, pool and linger, each bytes in a time") {
  Script script;
  tell_one_record(script);  // sent at 6 ms, answered at 10 ms: one partition of 16 KiB batches, two places
  const RateLimits limits = limits_of(script);
  const RateLimit* window = find(limits, LimitKind::kWindow);
  REQUIRE(window != nullptr);
  CHECK(window->requests == 2);
  CHECK(window->bytes == 2 * 16384);
  CHECK(window->time == 4 * kMs);
  CHECK(window->rate() == 2 * 16384 * 250);
  const RateLimit* linger = find(limits, LimitKind::kLinger);
  REQUIRE(linger != nullptr);
  CHECK(linger->rate() == 16384 * 200);
  const RateLimit* pool = find(limits, LimitKind::kPool);
  REQUIRE(pool != nullptr);
  CHECK(pool->bytes <= 65536);
  CHECK(find(limits, LimitKind::kOutage) == nullptr);
  REQUIRE(limits.lowest);
  // linger.ms is no bound, however low its line lies.
  CHECK(limits.limits[*limits.lowest].kind != LimitKind::kLinger);
  CHECK(limits.limits[*limits.lowest].rate() == std::min(window->rate(), pool->rate()));
}

TEST_CASE("an outage bounds while it lasts, and is a line afterwards") {
  Script script;
  tell_one_record(script);
  const RateLimits after = limits_of(script, {2 * kNanosPerSecond, false});
  REQUIRE(find(after, LimitKind::kOutage) != nullptr);
  CHECK(after.limits[*after.lowest].kind != LimitKind::kOutage);
  const RateLimits during = limits_of(script, {2 * kNanosPerSecond, true});
  CHECK(during.limits[*during.lowest].kind == LimitKind::kOutage);
}

TEST_CASE("more places in flight lift the window") {
  Script script;
  script.config("max.in.flight.requests.per.connection", "2");
  tell_one_record(script);
  const std::int64_t before = find(limits_of(script), LimitKind::kWindow)->rate();
  Script wide;
  wide.config("max.request.size", "8192");
  tell_one_record(wide);
  CHECK(find(limits_of(wide), LimitKind::kWindow)->rate() * 2 == before);
}

}  // namespace
}  // namespace sendscope
