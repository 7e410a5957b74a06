#include "ui/layout/text.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/plain_measure.h"
#include "ui/layout/format.h"
#include "ui/layout/rich_text.h"

namespace sendscope::ui {
namespace {

const test::PlainMeasure kMeasure;

TEST_CASE("text that fits is kept, text that does not ends with an ellipsis") {
  const float width = kMeasure.width(Font::kMono, "0123456789");
  CHECK(fit_text(kMeasure, Font::kMono, "0123456789", width) == "0123456789");
  const std::string shorter = fit_text(kMeasure, Font::kMono, "0123456789A", width);
  CHECK(shorter == "012345678\xe2\x80\xa6");
  CHECK(kMeasure.width(Font::kMono, shorter) <= width);
  CHECK(fit_text(kMeasure, Font::kMono, "abc", 1).empty());
}

TEST_CASE("a name that is too long keeps its number, and so do names that begin alike") {
  const auto fit = [](std::string_view name, std::size_t characters) {
    const float width = kMeasure.width(Font::kMono, std::string(characters, '0')) + 0.01f;
    const std::string out = fit_name(kMeasure, Font::kMono, name, width);
    CHECK(kMeasure.width(Font::kMono, out) <= width);
    return out;
  };
  CHECK(fit("orders-12", 9) == "orders-12");
  CHECK(fit("payments-by-country-17", 10) ==
        "payme\xe2\x80\xa6"
        "y-17");
  CHECK(fit("payments-by-country-17", 10) != fit("payments-by-country-18", 10));
  CHECK(fit("payments-by-country-17", 4) ==
        "\xe2\x80\xa6"
        "-17");
  CHECK(fit("#26345", 4) ==
        "\xe2\x80\xa6"
        "345");
  CHECK(fit("#26345", 6) == "#26345");
  CHECK(fit("orders", 4) == "or\xe2\x80\xa6s");
  CHECK(fit("", 4).empty());
  CHECK(fit("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"
            "-7",
            4) ==
        "\xc3\xa4\xe2\x80\xa6"
        "-7");
}

TEST_CASE("bytes of one column have one unit") {
  CHECK(column_bytes(5120, 8192) ==
        "5\xe2\x80\xaf"
        "120 B");
  CHECK(column_bytes(33'519'616, 33'554'432) ==
        "32\xe2\x80\xaf"
        "734 KiB");
  CHECK(column_bytes(250, 33'554'432) == "0.2 KiB");
  CHECK(column_bytes(20, 33'554'432) == "< 0.1 KiB");
  CHECK(column_bytes(0, 65'536) == "0 KiB");
}

TEST_CASE("shortening never cuts a character in two") {
  const std::string text = "\xc3\xa4\xc3\xb6\xc3\xbc\xe2\x86\x92\xc3\x9f";
  for (float width = 0; width < 60; width += 0.7f) {
    const std::string out = fit_text(kMeasure, Font::kMono, text, width);
    for (std::size_t i = 0; i < out.size(); i += utf8_length(std::string_view(out).substr(i))) {
      CHECK((static_cast<unsigned char>(out[i]) & 0xc0) != 0x80);
    }
  }
}

TEST_CASE("wrapped lines fit, and no word is lost") {
  const std::string wrapped = wrap_text(kMeasure, Font::kSmall, "one two three four five\nsix", 70);
  std::string flat = wrapped;
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  CHECK(flat == "one two three four five six");
  std::size_t from = 0;
  while (from < wrapped.size()) {
    const std::size_t to = std::min(wrapped.find('\n', from), wrapped.size());
    CHECK(kMeasure.width(Font::kSmall, wrapped.substr(from, to - from)) <= 70);
    from = to + 1;
  }
}

TEST_CASE("rich text keeps its lines within the width and knows code and strong words") {
  const auto runs =
      layout_rich_text(kMeasure, "The `buffer.memory` is **gone**, so\nit waits.\n\nThen more.", 120);
  std::string words;
  int last_line = 0;
  bool code = false, strong = false;
  for (const RichRun& run : runs) {
    CHECK(run.x + run.width <= 120.01f);
    CHECK(run.line >= last_line);
    last_line = run.line;
    code |= run.text == "buffer.memory" && run.font == Font::kMonoSmall;
    strong |= run.text == "gone" && run.font == Font::kBodyStrong;
    words += run.text;
  }
  CHECK(words == "Thebuffer.memoryisgone,soitwaits.Thenmore.");
  CHECK(code);
  CHECK(strong);
}

TEST_CASE("one star emphasizes, a star that stands alone is a star") {
  const auto words = [](std::string_view text) {
    std::string all;
    for (const RichRun& run : layout_rich_text(kMeasure, text, 400))
      all += (run.font == Font::kBodyStrong ? "<" + run.text + ">" : run.text) + " ";
    return all;
  };
  CHECK(words("the *more* records") == "the <more> records ");
  CHECK(words("*two words*, then") == "<two> <words> , then ");
  CHECK(words("2 * 3 * 4") == "2 * 3 * 4 ");
  CHECK(words("a *b only") == "a *b only ");
  CHECK(words("`*` and **much**") == "* and <much> ");
}

TEST_CASE("a long configuration key in rich text goes on after a dot, and nothing of it is lost") {
  const auto runs = layout_rich_text(kMeasure, "So `max.in.flight.requests.per.connection` is 2.", 150);
  std::string key;
  for (const RichRun& run : runs) {
    CHECK(run.x + run.width <= 150.01f);
    if (run.font == Font::kMonoSmall) key += run.text;
  }
  CHECK(key == "max.in.flight.requests.per.connection");
  const auto word = layout_rich_text(kMeasure, "Donaudampfschifffahrtsgesellschaft.", 80);
  REQUIRE(word.size() == 1);  // no dot to break at: shortened as before
  CHECK(word[0].width <= 80);
}

TEST_CASE("of several ways to say a thing the first that fits is taken, else the last") {
  const auto width = [](std::string_view text) { return kMeasure.width(Font::kTiny, text); };
  const auto said = [&](float room) {
    return fitting(kMeasure, Font::kTiny, room, {"killed 253 ms ago", "killed", "x"});
  };
  CHECK(said(width("killed 253 ms ago")) == "killed 253 ms ago");
  CHECK(said(width("killed 253 ms ag")) == "killed");
  CHECK(said(width("kill")) == "x");
  CHECK(said(0) == "x");
}

TEST_CASE("numbers, times and speeds are written for people") {
  CHECK(count_text(1207) ==
        "1\xe2\x80\xaf"
        "207");
  CHECK(count_text(-1234567) ==
        "-1\xe2\x80\xaf"
        "234\xe2\x80\xaf"
        "567");
  CHECK(count_text(999) == "999");
  CHECK(clock_text(42'310'000) ==
        "00:00.042\xe2\x80\xaf"
        "310");
  CHECK(clock_text(61'000'000'000) ==
        "01:01.000\xe2\x80\xaf"
        "000");
  CHECK(short_duration(850) == "850 ns");
  CHECK(short_duration(61'000'000) == "61 ms");
  CHECK(short_duration(9'100'000'000) == "9.1 s");
  CHECK(short_duration(12'340'000) == "12.3 ms");
  CHECK(short_duration(1'234'000) == "1.23 ms");
  CHECK(short_duration(kForever) == "for ever");
  CHECK(short_duration(-5'000'000) == "-5 ms");
  CHECK(millis_text(20'104'000) == "20.104");
  CHECK(speed_text(0.02) == "0.02x");
  CHECK(speed_text(1) == "1.0x");
  CHECK(speed_text(0) == "max");
}

TEST_CASE("characters of one to four bytes are written as they are read") {
  std::string text;
  for (const std::uint32_t code : {0x41u, 0xe9u, 0x20acu, 0x1f600u}) append_utf8(text, code);
  CHECK(text == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

}  // namespace
}  // namespace sendscope::ui
