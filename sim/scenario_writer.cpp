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
  bool empty() const { return text_.empty(); }
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

std::string write(bool flag) { return flag ? "true" : ""; }
std::string write(std::int64_t number) { return std::to_string(number); }
std::string write(ErrorCode error) { return json_string(error_row(error).name); }
std::string write(ApiKey api) { return json_string(api_row(api).name); }
std::string write(MessageKind kind) {
  return json_string(enum_names(Unit::kMessageKind)[static_cast<std::size_t>(kind)]);
}
std::string write(OccurrenceKind kind) { return json_string(occurrence_row(kind).name); }
std::string write(const std::string& name) { return name.empty() ? "" : json_string(name); }
std::string write(const TopicPartition& partition) {
  return json_string(partition.topic + "-" + std::to_string(partition.partition));
}

std::string write_side(const std::string& side) {
  return side.find_first_not_of("0123456789") == std::string::npos ? side : json_string(side);
}

std::string write(const Distribution& times) {
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

std::string write(const LinkChange& link) {
  ObjectWriter object;
  if (link.latency) object.add("latency", write(*link.latency));
  if (link.jitter) {
    Distribution jitter = *link.jitter;  // a constant alone would mean: up to it
    if (jitter.kind == Distribution::Kind::kConstant) jitter = Distribution::uniform(jitter.low, jitter.low);
    object.add("jitter", write(jitter));
  }
  if (link.bandwidth == 0) object.add("bandwidth", json_string("unlimited"));
  if (link.bandwidth.value_or(0) > 0)
    object.add("bandwidth", json_string(std::to_string(*link.bandwidth) + "bit/s"));
  return object.empty() ? "" : object.take();
}

std::string write(const ServiceChange& service) {
  if (service.by_api.empty()) return service.all ? write(*service.all) : "";
  ObjectWriter object;
  for (const auto& [api, times] : service.by_api) object.add(api_row(api).name, write(times));
  if (service.all) object.add("other", write(*service.all));
  return object.take();
}

std::string fault_text(const FaultSpec& fault) {
  ObjectWriter arguments;
  for (const FaultArgument& argument : fault_arguments()) {
    if (argument.belongs_to(fault.action)) arguments.add(argument.name, argument.write(fault.action));
  }
  ObjectWriter all;
  all.add("at", in_json(*fault.at));
  all.add(verb_of(fault.action), arguments.take());
  if (fault.duration > 0) all.add("for", in_json(fault.duration));
  if (fault.times > 0) all.add("times", std::to_string(fault.times));
  if (fault.per_million < 1'000'000) all.add("probability", probability(fault.per_million));
  return all.take();
}

}  // namespace sendscope::sim
