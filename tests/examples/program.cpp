#include "program.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

// With the option --wrap=main, the linker gives these names to the main() of the example and to the
// function that is called in its place.
int main_of_program(int argc, char** argv) asm("__real_main");
int main_of_tests(int argc, char** argv) asm("__wrap_main");

int main_of_tests(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
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
    std::exit(main_of_program(static_cast<int>(words.we_wordc), words.we_wordv));
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
