#include "program.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

// With the option --wrap=main, the linker gives these names to the main() of the example and to the
// function that is called in its place.
int main_of_program(int argc, char** argv) asm("__real_main");
int main_of_tests(int argc, char** argv) asm("__wrap_main");

int main_of_tests(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  const int status = RUN_ALL_TESTS();
  const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
  return tests.skipped_test_count() == tests.test_to_run_count() ? 77 : status;  // 77: skipped
}

// exit() has the sanitizer look for leaks, and gcov write what it has counted. But it also calls
// the destructors of LibTorch, which take a tenth of a second, so _exit() follows these two.
[[gnu::weak]] void look_for_leaks() asm("__lsan_do_leak_check");
[[gnu::weak]] void write_coverage() asm("__gcov_exit");

[[noreturn]] static void run_program(int argc, char** argv) noexcept {
  const int status = main_of_program(argc, argv);
  std::fflush(nullptr);
  if (look_for_leaks != nullptr) look_for_leaks();
  if (write_coverage != nullptr) write_coverage();
  _exit(status);
}

Program::Program(const std::string& arguments, const std::function<void()>& prepare)
    : output_(std::tmpfile()) {
  wordexp_t words;
  if (wordexp(("program " + arguments).c_str(), &words, WRDE_NOCMD) != 0) {
    throw std::invalid_argument(arguments);
  }
  std::fflush(nullptr);  // otherwise the child would print it too
  id_ = fork();
  if (id_ == 0) {
    dup2(fileno(output_.get()), STDOUT_FILENO);
    dup2(fileno(output_.get()), STDERR_FILENO);
    prepare();
    run_program(static_cast<int>(words.we_wordc), words.we_wordv);
  }
  wordfree(&words);
}

void Program::kill() { ::kill(id_, SIGKILL); }

Output Program::wait() {
  int status = 0;
  waitpid(id_, &status, 0);
  std::rewind(output_.get());
  return {exit_status(status), read(output_.get())};
}
