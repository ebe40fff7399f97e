#include "common/gnuplot.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

// Temporary files are used instead of pipes: the writer of a full pipe waits for its reader, which
// may itself be waiting.
File temporary(std::string_view content = "") {
  File file(std::tmpfile());
  if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() ||
      std::fflush(file.get()) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write a temporary file");
  }
  std::rewind(file.get());
  return file;
}

std::string read(std::FILE* file) {
  std::string content;
  std::array<char, 4096> buffer;
  std::rewind(file);
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), file)) {
    content.append(buffer.data(), n);
  }
  return content;
}

// The last line of gnuplot's messages says what is wrong; the lines before it show the place.
std::string reason(int status, std::string_view messages) {
  if (WIFSIGNALED(status)) return fmt::format("stopped by signal {}", WTERMSIG(status));
  constexpr std::string_view space = " \t\n";
  const auto last = messages.find_last_not_of(space);
  if (last == messages.npos) return "it gave no reason";
  messages = messages.substr(0, last + 1);
  messages.remove_prefix(messages.rfind('\n') + 1);
  messages.remove_prefix(messages.find_first_not_of(space));
  return std::string(messages);
}

}  // namespace

std::optional<std::string> gnuplot_svg(const Figure& figure) {
  const File in = temporary(
      fmt::format("set encoding utf8\n"
                  "set terminal svg size {},{} font 'sans-serif,14' background 'white'\n{}",
                  figure.width, figure.height, figure.script));
  const File out = temporary();
  const File err = temporary();

  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&streams, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&streams, fileno(err.get()), STDERR_FILENO);
  // -d ignores the user's settings, so that a figure looks the same everywhere.
  std::string program = "gnuplot", defaults = "-d";
  char* const arguments[] = {program.data(), defaults.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &streams, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&streams);
  if (error == ENOENT) return std::nullopt;
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot run gnuplot");

  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "cannot wait for gnuplot");
    }
  }
  std::string svg = read(out.get());
  // Even with exit status 0 the disk may have been too full for the whole figure.
  if (status != 0 || svg.find("</svg>") == svg.npos) {
    throw std::runtime_error(fmt::format("gnuplot failed: {}", reason(status, read(err.get()))));
  }
  return svg;
}
