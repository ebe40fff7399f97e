#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace libsched {

// A file that nobody else sees and that is gone with the object, or with the process.
class TemporaryFile {
 public:
  // Makes the file in the folder. If `folder` is empty, it is made in the folder that the
  // environment variable TMPDIR names. If that is not set, it is made in /var/tmp, which is meant
  // for large files
  // (/tmp is often kept in memory), or, if /var/tmp cannot be written, in the system's folder for
  // temporary files. Throws std::runtime_error.
  explicit TemporaryFile(const std::string& folder);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  // Where the next byte is written.
  std::fpos_t position() const;
  // Both throw std::runtime_error, and say why.
  void write(const void* data, std::size_t bytes);
  void seek(std::fpos_t position);
  void read(void* data, std::size_t bytes);

  const std::string& folder() const { return folder_; }

 private:
  bool open(const std::string& folder);

  std::FILE* file_ = nullptr;
  std::string folder_;
  std::string name_;  // empty once the file has none
};

}  // namespace libsched
