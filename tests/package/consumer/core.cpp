#include <libsched/fmt.hpp>
#include <libsched/libsched.hpp>

int main() {
  const libsched::Schedule schedule = libsched::StepDecay{0.1, 30};
  fmt::print("{}\n", schedule);
  return schedule(30) == 0.05 ? 0 : 1;
}
