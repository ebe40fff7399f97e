// Tests what write_file() leaves if the disk is full, the folder has vanished or the process is
// killed.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "state.hpp"

namespace libsched {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::StrEq;
using testing::ThrowsMessage;

void write_file(const std::string& path, const std::string& text) {
  libsched::write_file(path, text, "LRScheduler");
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void expect_cannot_write(const fs::path& file, const std::string& text) {
  EXPECT_THAT([&] { write_file(file, text); },
              ThrowsMessage<std::runtime_error>(
                  StrEq("LRScheduler: cannot write '" + file.string() + "'")));
}

// Limits the size of files, as a full disk does. A process that exceeds the limit gets a signal.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_;
};

class WriteFile : public testing::Test {
 protected:
  WriteFile() {
    std::string name = (fs::temp_directory_path() / "state_XXXXXX").string();
    folder = mkdtemp(name.data());
    file = folder / "state.txt";
  }
  ~WriteFile() override { fs::remove_all(folder); }

  // Returns the status of waitpid(), which is 0 if the action met all its expectations.
  static int in_a_child(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
      action();
      _exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  // Runs the action while a file system of one page of memory is mounted on the folder, which is
  // visible to the child only. Skips the test if the system does not allow that.
  void on_a_disk_of_one_page(const std::function<void()>& action) {
    constexpr int cannot_mount = 77;
    const int status = in_a_child([&] {
      const bool may_mount = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
      if (!may_mount || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=4k") != 0) {
        _exit(cannot_mount);
      }
      action();
    });
    if (WIFEXITED(status) && WEXITSTATUS(status) == cannot_mount) {
      GTEST_SKIP() << "a process may not mount a file system here";
    }
    EXPECT_EQ(status, 0);
  }

  fs::path folder, file;
};

const std::string page(4096, 'x');

TEST_F(WriteFile, MakesANewFile) {
  write_file(file, "one\n");
  EXPECT_EQ(content(file), "one\n");
  EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
}

TEST_F(WriteFile, ReplacesAFile) {
  write_file(file, page);
  write_file(file, "two\n");
  EXPECT_EQ(content(file), "two\n");
  EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
}

TEST_F(WriteFile, GivesANewFileTheUsualPermissions) {
  write_file(file, "one\n");
  std::ofstream(folder / "other") << "one\n";
  EXPECT_EQ(fs::status(file).permissions(), fs::status(folder / "other").permissions());
}

TEST_F(WriteFile, TakesAPathWithoutAFolder) {
  EXPECT_EQ(in_a_child([&] {
              fs::current_path(folder);
              write_file("state.txt", "one\n");
            }),
            0);
  EXPECT_EQ(content(file), "one\n");
}

TEST_F(WriteFile, KeepsThePermissions) {
  write_file(file, "one\n");
  constexpr auto own = fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(file, own);
  write_file(file, "two\n");
  EXPECT_EQ(fs::status(file).permissions(), own);
}

TEST_F(WriteFile, WritesThroughALink) {
  fs::create_directory(folder / "other");
  fs::create_symlink("other/target", file);
  for (const char* text : {"one\n", "two\n"}) {  // the file is new, then it exists
    write_file(file, text);
    EXPECT_TRUE(fs::is_symlink(file));
    EXPECT_EQ(content(folder / "other" / "target"), text);
    EXPECT_THAT(names_in(folder / "other"), ElementsAre("target"));
  }
}

TEST_F(WriteFile, DoesNotReplaceADevice) {
  write_file("/dev/null", "one\n");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(WriteFile, ToAPipeReachesItsReader) {
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = content(file); });
  write_file(file, "one\n");
  reader.join();
  EXPECT_EQ(read, "one\n");
  EXPECT_TRUE(fs::is_fifo(file));
}

TEST_F(WriteFile, ToAFullDeviceIsAnError) { expect_cannot_write("/dev/full", "one\n"); }

TEST_F(WriteFile, ToAFolderIsAnError) {
  expect_cannot_write(folder, "one\n");
  EXPECT_THAT(names_in(folder), ElementsAre());
}

TEST_F(WriteFile, ToAnEmptyNameIsAnError) { expect_cannot_write("", "one\n"); }

TEST_F(WriteFile, ToAProtectedFileIsAnError) {
  write_file(file, "one\n");
  fs::permissions(file, fs::perms::owner_read);
  // A user who may write every file, such as root, may write this one too.
  if (std::ofstream(file, std::ios::app)) {
    ASSERT_EQ(in_a_child([&] {
                fs::permissions(folder, fs::perms::all);
                ASSERT_EQ(setuid(65534), 0);
                expect_cannot_write(file, "two\n");
              }),
              0);
  } else {
    expect_cannot_write(file, "two\n");
  }
  EXPECT_EQ(content(file), "one\n");
  EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
}

TEST_F(WriteFile, OnAFullDiskLeavesTheOldFile) {
  on_a_disk_of_one_page([&] {
    write_file(file, "one\n");
    expect_cannot_write(file, page);
    EXPECT_EQ(content(file), "one\n");
    EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
  });
}

TEST_F(WriteFile, OnAFullDiskLeavesNoNewFile) {
  on_a_disk_of_one_page([&] {
    expect_cannot_write(file, page + page);
    EXPECT_THAT(names_in(folder), ElementsAre());
    write_file(file, page);
    EXPECT_EQ(content(file), page);
  });
}

TEST_F(WriteFile, InAReadOnlyFolderLeavesTheOldFile) {
  on_a_disk_of_one_page([&] {
    write_file(file, "one\n");
    ASSERT_EQ(mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
    expect_cannot_write(file, "two\n");
    expect_cannot_write(folder / "new", "two\n");
    EXPECT_EQ(content(file), "one\n");
    EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
  });
}

TEST_F(WriteFile, InAFolderThatHasVanishedIsAnError) {
  const fs::path gone = folder / "gone";
  fs::create_directory(gone);
  write_file(gone / "state.txt", "one\n");
  fs::remove_all(gone);
  expect_cannot_write(gone / "state.txt", "two\n");
  EXPECT_FALSE(fs::exists(gone));
}

TEST_F(WriteFile, InAWorkingFolderThatHasVanishedIsAnError) {
  EXPECT_EQ(in_a_child([&] {
              const fs::path gone = folder / "gone";
              fs::create_directory(gone);
              fs::current_path(gone);
              fs::remove(gone);
              expect_cannot_write("state.txt", "one\n");
            }),
            0);
}

TEST_F(WriteFile, ThatCanBeWrittenOnlyInPartLeavesTheOldFile) {
  write_file(file, "one\n");
  EXPECT_EQ(in_a_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const FileSizeLimit limit(100);
              expect_cannot_write(file, page);
            }),
            0);
  EXPECT_EQ(content(file), "one\n");
  EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
}

TEST_F(WriteFile, ThatIsKilledDuringTheWriteLeavesTheOldFile) {
  write_file(file, "one\n");
  const int status = in_a_child([&] {
    std::signal(SIGXFSZ, SIG_DFL);
    const FileSizeLimit limit(100);  // the write of the rest ends the process
    write_file(file, page);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(content(file), "one\n");
  EXPECT_EQ(names_in(folder).size(), 2u);  // the old file, and the written part of the new one
  write_file(file, "two\n");
  EXPECT_EQ(content(file), "two\n");
}

TEST_F(WriteFile, ThatIsKilledAtAnyMomentLeavesTheOldOrTheNewFile) {
  const std::string a(1 << 18, 'a');
  const std::string b(1 << 19, 'b');
  write_file(file, a);
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      for (;;) {
        write_file(file, b);
        write_file(file, a);
      }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 * (i + 1)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const std::string left = content(file);
    ASSERT_TRUE(left == a || left == b) << left.size();
  }
}

TEST_F(WriteFile, ByManyProcessesAtOnceLeavesOneCompleteFile) {
  const std::string a(1 << 16, 'a');
  const std::string b(1 << 17, 'b');
  const auto write_often = [&](const std::string& text) {
    for (int i = 0; i < 100; ++i) write_file(file, text);
  };
  std::thread other(write_often, a);
  write_often(b);
  other.join();
  const std::string left = content(file);
  EXPECT_TRUE(left == a || left == b) << left.size();
  EXPECT_THAT(names_in(folder), ElementsAre("state.txt"));
}

}  // namespace
}  // namespace libsched
