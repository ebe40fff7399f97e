// Helpers of the tests of the example programs.
#pragma once

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

struct Output {
  int status;
  std::string text;  // standard output and error
};

inline std::string read(std::FILE* file) {
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file)) {
    text.append(buffer.data(), n);
  }
  return text;
}

/// Returns the status as a shell has it, from that of waitpid().
inline int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs a command of the shell.
inline Output run(const std::string& command) {
  std::FILE* pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
  const std::string text = read(pipe);
  return {exit_status(pclose(pipe)), text};
}

inline std::vector<std::string> lines(std::istream&& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  return lines(std::ifstream(file));
}

/// Whether gnuplot has drawn the whole figure. Empty lines may follow the end.
inline bool is_whole_svg(const std::filesystem::path& file) {
  std::vector<std::string> lines = lines_of(file);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return !lines.empty() && lines.front().starts_with("<?xml") && lines.back().ends_with("</svg>");
}

inline auto line_count(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

/// Gives each test an empty directory `out`.
class ExampleTest : public testing::Test {
 protected:
  ExampleTest() {
    std::string name = (std::filesystem::temp_directory_path() / "example_XXXXXX").string();
    out = mkdtemp(name.data());
  }
  ~ExampleTest() override { std::filesystem::remove_all(out); }

  std::vector<std::string> names_in_out() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  std::filesystem::path out;
};
