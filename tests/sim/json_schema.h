// A JSON Schema (draft 7), and whether values obey it. The judge is valijson.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace sendscope::testing {

class JsonSchema {
 public:
  explicit JsonSchema(const nlohmann::json& schema);
  ~JsonSchema();

  // Empty when the value obeys the schema; otherwise where and why not.
  std::string violated_by(const nlohmann::json& value) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::testing
