#include "temporary_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <system_error>

namespace libsched {
namespace {

[[noreturn]] void refuse(const char* what, const std::string& folder) {
  const std::string why = errno != 0 ? std::generic_category().message(errno) : "it is too short";
  throw std::runtime_error(
      fmt::format("cannot {} a temporary file in '{}': {}", what, folder, why));
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& folder) {
  const char* asked = folder.empty() ? std::getenv("TMPDIR") : folder.c_str();
  if (asked != nullptr) {
    if (!open(asked)) refuse("make", asked);
    return;
  }
  if (open("/var/tmp")) return;
  std::error_code ignored;  // then the path is empty
  const std::string usual = std::filesystem::temp_directory_path(ignored).string();
  if (usual.empty() || !open(usual)) refuse("make", folder_);
}

TemporaryFile::~TemporaryFile() {
  std::fclose(file_);
  if (!name_.empty()) std::remove(name_.c_str());
}

bool TemporaryFile::open(const std::string& folder) {
  folder_ = folder;
  std::random_device random;
  name_ = (std::filesystem::path(folder) / fmt::format("libsched_{:08x}{:08x}", random(), random()))
              .string();
  errno = 0;
  file_ = std::fopen(name_.c_str(), "w+bx");
  if (file_ == nullptr) return false;
  std::setvbuf(file_, nullptr, _IONBF, 0);  // an error belongs to the call that made it
  // On POSIX the open file needs no name; elsewhere this fails, and the destructor removes it.
  if (std::remove(name_.c_str()) == 0) name_.clear();
  return true;
}

std::fpos_t TemporaryFile::position() const {
  errno = 0;
  std::fpos_t position;
  if (std::fgetpos(file_, &position) != 0) refuse("write", folder_);
  return position;
}

void TemporaryFile::write(const void* data, std::size_t bytes) {
  errno = 0;
  if (std::fwrite(data, 1, bytes, file_) != bytes) refuse("write", folder_);
}

void TemporaryFile::seek(std::fpos_t position) {
  errno = 0;
  if (std::fsetpos(file_, &position) != 0) refuse("read back", folder_);
}

void TemporaryFile::read(void* data, std::size_t bytes) {
  errno = 0;
  if (std::fread(data, 1, bytes, file_) != bytes) refuse("read back", folder_);
}

}  // namespace libsched
