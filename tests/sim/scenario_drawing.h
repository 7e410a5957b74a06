// Scenarios drawn from the schema, whatever it allows, and changed at random.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/prng.h"

namespace sendscope::testing {

// What it draws obeys the schema. Names of things that exist, and what two values have to do with each other,
// are added here: a schema cannot say them.
class ScenarioDrawing {
 public:
  using Json = nlohmann::json;

  ScenarioDrawing(const Json& schema, std::uint64_t seed) : root_(schema), prng_(seed, 9) {}

  Json draw();
  // Changes one place: another value, a key less, a key more, a key that is called otherwise.
  void mutate(Json& scenario);

 private:
  bool chance(std::uint64_t percent) { return prng_.below(100) < percent; }
  std::size_t any(std::size_t count) { return static_cast<std::size_t>(prng_.below(count)); }

  Json value(const Json& schema, const std::string& form, int depth);
  Json known(const std::string& form);  // null: no special value of that form
  Json text(const Json& schema);
  Json integer(const Json& schema);
  Json object(const Json& schema, const std::string& form, int depth);
  void add_members(Json& out, const Json& schema, int depth);
  void mend(Json& out, const std::string& form);
  void mend_topic(Json& topic);
  void mend_fault(Json& fault);
  Json any_partition();

  const Json& root_;
  Prng prng_;
  std::vector<std::int64_t> nodes_;
  std::vector<std::pair<std::string, std::int64_t>> topics_;  // with the number of their partitions
};

}  // namespace sendscope::testing
