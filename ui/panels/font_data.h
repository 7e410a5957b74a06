// The font files of assets/fonts, embedded by the build.
#pragma once

#include <span>
#include <string_view>

namespace sendscope::ui {

// The bytes of a file by its name ("Inter-Regular.otf"); empty when it is not embedded.
std::span<const unsigned char> font_data(std::string_view name);

}  // namespace sendscope::ui
