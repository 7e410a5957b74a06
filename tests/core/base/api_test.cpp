#include "core/base/api.h"

#include "tests/support/catch.h"

namespace sendscope {
namespace {

TEST_CASE("an API is found by its key and by its name") {
  REQUIRE(api_rows().size() >= 9);
  std::int32_t previous = -1;
  for (const ApiRow& row : api_rows()) {
    INFO(row.name);
    CHECK(key_of(row.key) > previous);
    previous = key_of(row.key);
    CHECK(&api_row(row.key) == &row);
    CHECK(find_api(key_of(row.key)) == &row);
    CHECK(find_api(row.name) == &row);
    CHECK(api_name(static_cast<std::uint32_t>(row.key)) == row.name);
  }
  CHECK(find_api("Produce")->key == ApiKey::kProduce);
  CHECK(find_api(22)->name == "InitProducerId");
}

TEST_CASE("what is no API has neither row nor name") {
  CHECK(find_api(-1) == nullptr);
  CHECK(find_api(1) == nullptr);
  CHECK(find_api("Fetch") == nullptr);
  CHECK(find_api("") == nullptr);
  CHECK(api_name(99).empty());
}

TEST_CASE("versions of client and broker overlap, and what is flexible stays so") {
  for (const ApiRow& row : api_rows()) {
    INFO(row.name);
    CHECK(row.min_version <= row.max_version);
    CHECK(row.broker_min <= row.max_version);
    CHECK(row.min_version <= row.broker_max);
    CHECK(row.broker_max <= row.max_version);
    CHECK_FALSE(is_flexible(row.key, row.flexible_from - 1));
    CHECK(is_flexible(row.key, row.flexible_from));
    CHECK(row.flexible_response_header_from >= row.flexible_from);
  }
}

}  // namespace
}  // namespace sendscope
