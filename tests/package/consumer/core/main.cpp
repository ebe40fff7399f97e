#include <libsched/fmt.hpp>
#include <libsched/libsched.hpp>

// A schedule that is made here has the same type as one that the library makes, even if the library
// is shared.
bool equal_either_way(const libsched::Schedule& ours, std::string_view notation) {
  const libsched::Schedule theirs = libsched::parse(notation);
  return ours == theirs && theirs == ours && ours != libsched::parse("constant(base_lr=1)");
}

bool error_is_caught_by_its_type() {
  try {
    libsched::parse("step_decay(base_lr=0.1, step_sise=30)");
  } catch (const libsched::ParseError& error) {
    return error.offset == 24;
  }
  return false;
}

int main() {
  const libsched::Schedule schedule = libsched::StepDecay{0.1, 30};
  fmt::print("{}\n", schedule);
  const bool good = schedule(30) == 0.05 &&
                    equal_either_way(schedule, "step_decay(base_lr=0.1, step_size=30)") &&
                    error_is_caught_by_its_type();
  return good ? 0 : 1;
}
