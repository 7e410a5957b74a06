// Shortcuts go by what the caps of the keyboard say.
#include "ui/window/key_map.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "tests/support/catch.h"

namespace sendscope::ui {
namespace {

TEST_CASE("letters go by their caps: on a German keyboard undo and redo are where Z and Y are printed") {
  const auto verb_of = [](int code, const char* printed, int mods) {
    const Command* command = command_of(chord_of_code(code, printed, mods));
    REQUIRE(command != nullptr);
    return command->verb;
  };
  CHECK(verb_of(GLFW_KEY_Y, "z", GLFW_MOD_CONTROL) == Verb::kUndo);
  CHECK(verb_of(GLFW_KEY_Z, "y", GLFW_MOD_CONTROL) == Verb::kRedo);
  CHECK(verb_of(GLFW_KEY_Z, "z", GLFW_MOD_CONTROL) == Verb::kUndo);
  CHECK(verb_of(GLFW_KEY_Q, "a", 0) == Verb::kTimelinePan);  // French
  CHECK(verb_of(GLFW_KEY_SLASH, "-", 0) == Verb::kSlower);   // German
}

TEST_CASE("a key goes by its place where its cap is unknown or no letter of ASCII") {
  CHECK(key_of_code(GLFW_KEY_Z, nullptr) == key_of('Z'));
  CHECK(key_of_code(GLFW_KEY_Z, "") == key_of('Z'));
  CHECK(key_of_code(GLFW_KEY_W, "\xd1\x86") == key_of('W'));          // Russian
  CHECK(key_of_code(GLFW_KEY_SEMICOLON, "\xc3\xb6") == key_of(';'));  // German
}

TEST_CASE("numerals and named keys go by their place whatever is printed on them") {
  CHECK(key_of_code(GLFW_KEY_1, "&") == key_of('1'));  // French
  CHECK(key_of_code(GLFW_KEY_SPACE, nullptr) == key_of(' '));
  CHECK(key_of_code(GLFW_KEY_LEFT, nullptr) == Key::kLeft);
  CHECK(key_of_code(GLFW_KEY_KP_ADD, "+") == Key::kPadPlus);
  CHECK(key_of_code(GLFW_KEY_F25, nullptr) == Key::kNone);
}

}  // namespace
}  // namespace sendscope::ui
