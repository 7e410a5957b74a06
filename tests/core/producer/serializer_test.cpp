#include "core/producer/serializer.h"

#include "core/base/hex.h"
#include "tests/support/catch.h"

using namespace sendscope;

TEST_CASE("serializers go by Kafka's class names, full or simple") {
  CHECK(is_known_serializer("StringSerializer"));
  CHECK(is_known_serializer("org.apache.kafka.common.serialization.LongSerializer"));
  CHECK_FALSE(is_known_serializer("org.apache.kafka.common.serialization.JsonSerializer"));
  CHECK_FALSE(is_known_serializer("com.example.LongSerializer"));
  CHECK(make_serializer("JsonSerializer") == nullptr);
  REQUIRE(make_serializer("ByteArraySerializer") != nullptr);
  CHECK(make_serializer("ByteArraySerializer")->name() == "ByteArraySerializer");
}

TEST_CASE("a serializer passes bytes on as they are, null too, if the size is one that its type has") {
  struct Case {
    const char* name;
    std::size_t size;
    bool accepted;
  };
  const auto [name, size, accepted] = GENERATE(values<Case>({
      {"StringSerializer", 0, true},
      {"StringSerializer", 77, true},
      {"ByteBufferSerializer", 3, true},
      {"LongSerializer", 8, true},
      {"LongSerializer", 4, false},
      {"IntegerSerializer", 4, true},
      {"IntegerSerializer", 0, false},
      {"ShortSerializer", 2, true},
      {"BooleanSerializer", 1, true},
      {"UUIDSerializer", 36, true},
      {"UUIDSerializer", 16, false},
      {"VoidSerializer", 1, false},
      {"DoubleSerializer", 8, true},
      {"FloatSerializer", 5, false},
  }));
  const std::unique_ptr<Serializer> serializer = make_serializer(name);
  REQUIRE(serializer != nullptr);
  const std::string text(size, 'x');
  std::string scratch;
  const Result<std::optional<Bytes>> bytes = serializer->serialize("orders", as_bytes(text), scratch);
  REQUIRE(bytes.ok() == accepted);
  if (accepted) {
    REQUIRE(bytes->has_value());
    CHECK(as_text(**bytes) == text);
  } else {
    CHECK(bytes.error().code == ErrorCode::kSerialization);
    CHECK(bytes.error().message.find(name) == 0);
    CHECK(bytes.error().message.find("topic orders") != std::string::npos);
  }
  const Result<std::optional<Bytes>> null = serializer->serialize("orders", std::nullopt, scratch);
  REQUIRE(null.ok());
  CHECK_FALSE(null->has_value());
}
