#include "core/base/output_path.h"

#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"

using sendscope::OutputPath;

namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / "sendscope-output-path-test") {
    std::filesystem::remove_all(path);
    std::filesystem::create_directory(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("a file gets its name when it is published, and none when it is discarded") {
  const Folder folder;
  const std::string name = (folder.path / "a").string();
  const OutputPath output(name, ".part");
  CHECK(output.staging_path() == name + ".part");
  CHECK_FALSE(output.is_directory());
  CHECK_FALSE(output.publish());  // nothing is there yet
  std::ofstream(output.staging_path()) << "text";
  CHECK(output.publish());
  CHECK(std::filesystem::exists(name));
  std::ofstream(output.staging_path()) << "again";
  output.discard();
  CHECK_FALSE(std::filesystem::exists(name + ".part"));
  CHECK(std::filesystem::file_size(name) == 4);
}

TEST_CASE("a device is its own staging path, also through a link; a directory is known as one") {
  const Folder folder;
  const std::string link = (folder.path / "link").string();
  std::filesystem::create_symlink("/dev/null", link);
  const OutputPath device(link, ".part");
  CHECK(device.staging_path() == link);
  CHECK(device.publish());
  device.discard();
  CHECK(std::filesystem::is_character_file(link));
  CHECK(OutputPath(folder.path.string(), ".part").is_directory());
}
