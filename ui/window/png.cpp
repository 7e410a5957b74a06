#include "ui/window/png.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb_image_write.h>
#pragma GCC diagnostic pop

#include "core/base/output_path.h"

namespace sendscope::ui {

std::string encode_png(const Image& image) {
  std::string out;
  const auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<const char*>(data),
                                               static_cast<std::size_t>(size));
  };
  std::vector<unsigned char> rgb;
  rgb.reserve(image.pixels.size() * 3);
  for (const std::uint32_t pixel : image.pixels) {
    for (const int shift : {0, 8, 16}) rgb.push_back(static_cast<unsigned char>(pixel >> shift));
  }
  stbi_write_png_to_func(append, &out, image.width, image.height, 3, rgb.data(), image.width * 3);
  return out;
}

Result<void> write_png(const Image& image, const std::string& path) {
  const std::string bytes = encode_png(image);
  const OutputPath output(path, ".part");
  if (output.is_directory()) {
    return Error(ErrorCode::kIo, "cannot write " + path + ": this is a directory; name a file");
  }
  std::FILE* file = std::fopen(output.staging_path().c_str(), "wb");
  if (file == nullptr) {
    return Error(ErrorCode::kIo, "cannot write " + path + ": " + std::strerror(errno));
  }
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || !output.publish()) {
    const std::string reason = std::strerror(errno);
    output.discard();
    return Error(ErrorCode::kIo, "cannot write " + path + ": " + reason);
  }
  return {};
}

}  // namespace sendscope::ui
