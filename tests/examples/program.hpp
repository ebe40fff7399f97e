#pragma once

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "run.hpp"

/// The example program in a child process of its tests, which are linked with it. A program that is
/// started takes a third of a second to load LibTorch; the child has what the tests have loaded.
class Program {
 public:
  /// The arguments are split as by a shell. The child calls `prepare` before the program's main().
  explicit Program(
      const std::string& arguments, const std::function<void()>& prepare = [] {});

  void kill();
  Output wait();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  // A file is used instead of a pipe, because the program would wait if nobody reads a full pipe.
  std::unique_ptr<std::FILE, Close> output_;
  pid_t id_;
};
