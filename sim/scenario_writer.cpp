#include "sim/scenario_writer.h"

#include "core/base/units.h"
#include "sim/scenario_parts.h"
#include "sim/scenario_text.h"

namespace sendscope::sim {
namespace {

// Members of an object, in order.
class ObjectWriter {
 public:
  void add(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    text_ += (text_.empty() ? "" : ", ") + json_string(key) + ": " + value;
  }
  std::string take() const { return text_.empty() ? "{}" : "{ " + text_ + " }"; }

 private:
  std::string text_;
};

std::string in_json(Nanos time) { return json_string(duration_text(time)); }

// 250000 is 0.250000.
std::string probability(std::uint32_t per_million) {
  const std::string digits = std::to_string(1'000'000 + per_million);
  return "0." + digits.substr(1);
}

}  // namespace

std::string duration_text(Nanos time) {
  constexpr std::pair<Nanos, const char*> kUnits[] = {
      {kNanosPerSecond, "s"}, {kNanosPerMilli, "ms"}, {kNanosPerMicro, "us"}};
  for (const auto& [unit, name] : kUnits) {
    if (time % unit == 0) return std::to_string(time / unit) + name;
  }
  return std::to_string(time) + "ns";
}

std::string write_durations(const Distribution& times) {
  ObjectWriter object;
  switch (times.kind) {
    case Distribution::Kind::kConstant: return in_json(times.low);
    case Distribution::Kind::kUniform:
      object.add("uniform", "[" + in_json(times.low) + ", " + in_json(times.high) + "]");
      break;
    case Distribution::Kind::kExponential: object.add("exponential", in_json(times.low)); break;
    case Distribution::Kind::kLognormal: {
      ObjectWriter both;
      both.add("median", in_json(times.low));
      both.add("p99", in_json(times.high));
      object.add("lognormal", both.take());
      break;
    }
  }
  return object.take();
}

std::string write_link(const FaultSpec& fault) {
  ObjectWriter link;
  if (fault.latency) link.add("latency", write_durations(*fault.latency));
  if (fault.jitter) {
    Distribution jitter = *fault.jitter;  // a constant alone would mean: up to it
    if (jitter.kind == Distribution::Kind::kConstant) jitter = Distribution::uniform(jitter.low, jitter.low);
    link.add("jitter", write_durations(jitter));
  }
  if (fault.bandwidth)
    link.add("bandwidth", *fault.bandwidth == 0 ? "\"unlimited\""
                                                : json_string(std::to_string(*fault.bandwidth) + "bit/s"));
  const bool any = fault.latency || fault.jitter || fault.bandwidth;
  return any ? link.take() : "";
}

std::string write_service(const FaultSpec& fault) {
  if (fault.service.empty()) return fault.all_service ? write_durations(*fault.all_service) : "";
  ObjectWriter service;
  for (const auto& [api, times] : fault.service) service.add(api_row(api).name, write_durations(times));
  if (fault.all_service) service.add("other", write_durations(*fault.all_service));
  return service.take();
}

std::string fault_text(const FaultSpec& fault) {
  ObjectWriter arguments;
  for (const FaultVerbRow& verb : fault_verbs()) {
    if (verb.verb != fault.verb) continue;
    for (const FaultArgument& argument : fault_arguments()) {
      if (((verb.may | verb.must) & argument.bit) != 0) arguments.add(argument.name, argument.write(fault));
    }
  }
  ObjectWriter all;
  all.add("at", in_json(*fault.at));
  all.add(fault_verb_name(fault.verb), arguments.take());
  if (fault.duration > 0) all.add("for", in_json(fault.duration));
  if (fault.times > 0) all.add("times", std::to_string(fault.times));
  if (fault.per_million < 1'000'000) all.add("probability", probability(fault.per_million));
  return all.take();
}

}  // namespace sendscope::sim
