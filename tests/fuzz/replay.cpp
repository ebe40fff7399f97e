// Runs a fuzz target on every file of a folder: the corpus, with all that ever crashed, as a test.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "target.hpp"

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      files.push_back(entry.path());
    }
  }
  if (files.empty()) {
    fmt::print(stderr, "usage: replay FOLDER..., with at least one file\n");
    return 2;
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    fmt::print("{}\n", file.string());
    std::fflush(stdout);  // before a crash
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    try {
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}: {}\n", file.string(), error.what());
      return 1;
    }
  }
  fmt::print("{} inputs\n", files.size());
}
