#include "tests/sim/json_schema.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace sendscope::testing {

using valijson::adapters::NlohmannJsonAdapter;

struct JsonSchema::Parts {
  valijson::Schema schema;
  valijson::Validator validator{valijson::Validator::kStrongTypes};
};

JsonSchema::JsonSchema(const nlohmann::json& schema) : parts_(std::make_unique<Parts>()) {
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(NlohmannJsonAdapter(schema), parts_->schema);
}

JsonSchema::~JsonSchema() = default;

std::string JsonSchema::violated_by(const nlohmann::json& value) const {
  valijson::ValidationResults results;
  if (parts_->validator.validate(parts_->schema, NlohmannJsonAdapter(value), &results)) return {};
  std::string why;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) why += step;
    why += ": " + error.description + "\n";
  }
  return why.empty() ? "not valid" : why;
}

}  // namespace sendscope::testing
