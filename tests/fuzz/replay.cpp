// Runs a fuzz target as a test, on every file of the corpus, which has all inputs that ever
// crashed, and on every line of other files.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "target.hpp"

namespace {

void run(const std::string& name, std::string_view input) {
  fmt::print("{}\n", name);
  std::fflush(stdout);  // so that the name is printed even if the target crashes
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// Runs each file of a folder, or each line of a file.
int replay(const std::filesystem::path& path) {
  int inputs = 0;
  if (std::filesystem::is_directory(path)) {
    const std::filesystem::directory_iterator entries(path);
    std::vector<std::filesystem::path> files(begin(entries), end(entries));
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      run(file.string(), std::string(std::istreambuf_iterator<char>(in), {}));
      ++inputs;
    }
  } else {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line); ++inputs) run(line, line);
  }
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  int inputs = 0;
  for (int i = 1; i < argc; ++i) {
    try {
      const int more = replay(argv[i]);
      if (more == 0) throw std::runtime_error("no inputs");
      inputs += more;
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}: {}\n", argv[i], error.what());
      return 1;
    }
  }
  if (inputs == 0) {
    fmt::print(stderr, "usage: replay FOLDER_OR_FILE_OF_LINES...\n");
    return 2;
  }
  fmt::print("{} inputs\n", inputs);
}
