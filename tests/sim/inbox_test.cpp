#include "sim/inbox.h"

#include <string>

#include "core/base/bytes.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

std::vector<std::byte> frame(const std::string& text) {
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  out.i32(static_cast<std::int32_t>(text.size()));
  out.text(text);
  return bytes;
}

std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

TEST_CASE("requests are put together from bytes that come one by one") {
  Inbox inbox(1000);
  std::vector<std::byte> stream = frame("one");
  for (const char* text : {"", "three"}) {
    const auto more = frame(text);
    stream.insert(stream.end(), more.begin(), more.end());
  }
  for (const std::byte b : stream) inbox.append(Bytes(&b, 1));
  REQUIRE(inbox.whole() == 3);
  CHECK(text_of(inbox.frame(0)) == "one");
  CHECK(text_of(inbox.frame(2)) == "three");
  inbox.pop_front();
  inbox.pop_front();
  CHECK(text_of(inbox.frame(0)) == "three");
  inbox.append(frame("four"));  // moves the bytes inside
  CHECK(text_of(inbox.frame(1)) == "four");
  CHECK(inbox.partial() == 0);
}

TEST_CASE("the newest can be put before the others") {
  Inbox inbox(1000);
  for (const char* text : {"a", "bb", "ccc"}) inbox.append(frame(text));
  inbox.newest_to_front();
  CHECK(text_of(inbox.frame(0)) == "ccc");
  CHECK(text_of(inbox.frame(1)) == "a");
  CHECK(text_of(inbox.frame(2)) == "bb");
}

TEST_CASE("a length that cannot be breaks the stream, and is not believed") {
  for (const std::int32_t length : {-1, 1001, 0x47455420}) {
    Inbox inbox(1000);
    inbox.append(frame("fine"));
    std::vector<std::byte> bytes;
    ByteWriter out(bytes);
    out.i32(length);
    inbox.append(bytes);
    CHECK(inbox.broken());
    CHECK(inbox.whole() == 1);
  }
}

}  // namespace sendscope::sim
