#include "common/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

[[noreturn]] void fail(std::string_view what, const std::string& target,
                       const std::error_code& error) {
  throw std::runtime_error(fmt::format("cannot {} {}: {}", what, target, error.message()));
}

std::error_code last_error() { return {errno, std::generic_category()}; }

// A new name in a directory is on the disk once the directory itself has been synchronized.
std::error_code sync_directory(const std::filesystem::path& directory) {
  const int opened = open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY);
  if (opened < 0) return last_error();
  const std::error_code error = fsync(opened) != 0 ? last_error() : std::error_code();
  close(opened);
  return error;
}

// Writes `part` and renames it to `path`. If `durable`, waits for the disk after each of the two.
void replace_file(const std::filesystem::path& path, const std::string& part,
                  std::string_view content, bool durable) {
  std::error_code error;
  // For root, a rename to /dev/null would replace the device.
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    throw std::runtime_error(fmt::format("cannot write {}: not a regular file", path.string()));
  }
  error.clear();
  if (std::FILE* file = std::fopen(part.c_str(), "wb")) {
    if (std::fwrite(content.data(), 1, content.size(), file) != content.size() ||
        (durable && (std::fflush(file) != 0 || fsync(fileno(file)) != 0))) {
      error = last_error();
    }
    // A full disk may be reported only here.
    if (std::fclose(file) != 0 && !error) error = last_error();
    if (!error) std::filesystem::rename(part, path, error);
    if (error) std::remove(part.c_str());
    if (!error && durable) error = sync_directory(path.parent_path());
  } else {
    error = last_error();
  }
  if (error) fail("write", path.string(), error);
}

}  // namespace

void make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("create the directory", directory.string(), error);
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, fmt::format("{}.{}.part", path.string(), getpid()), content, false);
}

void write_file_durably(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, path.string() + ".part", content, true);
}

void write_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    fail("write to", "standard output", last_error());
  }
}

void finish_output() {
  if (std::fflush(stdout) != 0) fail("write to", "standard output", last_error());
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}
