// Pictures as PNG files. The same picture gives the same bytes.
#pragma once

#include <string>

#include "core/base/result.h"
#include "ui/window/rasterizer.h"

namespace sendscope::ui {

std::string encode_png(const Image& image);

// Writes beside the target and renames, so that no half a picture is left behind. Errors name the path.
Result<void> write_png(const Image& image, const std::string& path);

}  // namespace sendscope::ui
