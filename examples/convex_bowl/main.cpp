// Five learning-rate schedules and yours cross the bowl (x^2 + 2 y^2) / 2 from (2.5, 2.5).
// Look at train() for the training loop: plain LibTorch, and two lines of libsched.
// Look at contenders() for the schedules: plain structs with named fields.
// The rest is a command line, a table, curves.csv (every step of every run) and three figures.
// Try: convex_bowl 'one_cycle(max_lr=0.3, steps=80)' --out /tmp/bowl
#include <fmt/format.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/arguments.hpp"
#include "common/files.hpp"
#include "common/gnuplot.hpp"
#include "figures.hpp"
#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"

using libsched::Schedule;
using libsched::Step;

namespace {

constexpr Step max_steps = 10'000;

struct Contender {
  std::string name;
  Schedule schedule;
};

std::vector<Contender> contenders(Step steps) {
  using namespace libsched;
  return {
      {"constant", Constant{.base_lr = 0.08}},
      {"step_decay", StepDecay{.base_lr = 0.08, .step_size = 20, .drop = 0.5}},
      {"exponential_decay", ExponentialDecay{.base_lr = 0.08, .decay = 0.05}},
      {"cyclical", Cyclical{.base_lr = 0.01, .max_lr = 0.08, .step_size = 15}},
      {"cosine_decay", CosineDecay{.base_lr = 0.08, .steps = steps}},
  };
}

std::string kind(const std::string& notation) { return notation.substr(0, notation.find('(')); }

// A schedule is named after its kind, as the first five are, or by its notation if another schedule
// has the same kind.
void add(std::vector<Contender>& contenders, const std::vector<Schedule>& schedules) {
  std::vector<std::string> kinds;
  for (const Contender& contender : contenders) kinds.push_back(contender.name);
  for (const Schedule& schedule : schedules) kinds.push_back(kind(to_string(schedule)));
  for (const Schedule& schedule : schedules) {
    const std::string notation = to_string(schedule);
    const bool alone = std::count(kinds.begin(), kinds.end(), kind(notation)) == 1;
    contenders.push_back({alone ? kind(notation) : notation, schedule});
  }
}

// Called before anything is trained or written: the driver would refuse the rate only at its step.
void check_rates(const std::vector<Contender>& contenders, Step steps) {
  for (const auto& [name, schedule] : contenders) {
    for (Step t = 0; t <= steps; ++t) {
      if (const double lr = schedule(t); !std::isfinite(lr)) {
        throw std::invalid_argument(
            fmt::format("{} is not usable as a learning rate: it is {} at step {}",
                        to_string(schedule), std::isnan(lr) ? "not a number" : "infinite", t));
      }
    }
  }
}

std::vector<State> train(const Schedule& schedule, Step steps) {
  const auto parameter = torch::TensorOptions(torch::kFloat64).requires_grad(true);
  const auto x = torch::full({}, 2.5, parameter);
  const auto y = torch::full({}, 2.5, parameter);

  torch::optim::SGD optimizer({x, y}, /*lr=*/1);  // any value: the scheduler sets it
  libsched::LRScheduler scheduler(optimizer, schedule);

  const auto value = [](const torch::Tensor& scalar) { return printable(scalar.item<double>()); };
  std::vector<State> states;
  for (Step t = 0;; ++t) {
    const auto loss = 0.5 * (x * x + 2 * y * y);
    const double lr =
        scheduler.values().front().second;  // values() has (name, value) of each driven value
    states.push_back({t, lr, value(x), value(y), value(loss)});
    if (t == steps) return states;

    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    scheduler.step();
  }
}

// `{}` prints the fewest digits that read back to the same double.
std::string csv(const std::vector<Descent>& runs) {
  std::string text = "schedule,step,lr,x,y,loss\n";
  for (const auto& [name, states] : runs) {
    for (const auto& [step, lr, x, y, loss] : states) {
      text += fmt::format("{},{},{},{},{},{}\n", csv_cell(name), step, lr, x, y, loss);
    }
  }
  return text;
}

// A name of more than 32 characters is on its own line.
std::string table(const std::vector<Descent>& runs) {
  std::size_t width = 20;
  for (const auto& [name, states] : runs) {
    if (name.size() <= 32) width = std::max(width, name.size());
  }
  std::string text = fmt::format("{:<{}}{:>12}{:>12}{:>12}{:>14}\n", "schedule", width, "final x",
                                 "final y", "loss", fmt::format("loss < {}", solved));
  for (const auto& [name, states] : runs) {
    const auto hit = std::find_if(states.begin(), states.end(),
                                  [](const State& state) { return state.loss < solved; });
    const State& end = states.back();
    const bool fits = name.size() <= width;
    if (!fits) text += name + '\n';
    text += fmt::format("{:<{}}{:>12.3e}{:>12.3e}{:>12.3e}{:>14}\n", fits ? name : "", width, end.x,
                        end.y, end.loss,
                        hit == states.end() ? "never" : fmt::format("step {}", hit->step));
  }
  return text;
}

void compare(const std::vector<Schedule>& schedules, Step steps, const std::filesystem::path& out) {
  std::vector<Contender> all = contenders(steps);
  add(all, schedules);
  check_rates(all, steps);
  make_directory(out);

  std::vector<Descent> runs;
  for (const auto& [name, schedule] : all) {
    runs.push_back({name, train(schedule, steps)});
  }

  std::vector<std::filesystem::path> written;
  const auto write = [&](const std::string& file, const std::string& content) {
    write_file(out / file, content);
    written.push_back(out / file);
  };
  write("curves.csv", csv(runs));
  for (const auto& [file, figure] : figures(runs)) {
    if (const auto svg = gnuplot_svg(figure)) write(file, *svg);
  }

  fmt::print("{}\n", table(runs));
  for (const auto& path : written) fmt::print("wrote {}\n", path.string());
  if (written.size() == 1) {
    fmt::print("drew no figures: gnuplot is not installed (apt-get install gnuplot-nox)\n");
  }
  finish_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares learning-rate schedules on f(x, y) = (x^2 + 2 y^2) / 2 from (2.5, 2.5).",
               "convex_bowl");
  Step steps = 80;
  std::filesystem::path out = "build/convex_bowl";
  app.add_option_function<std::string>(
         "--steps",
         [&](const std::string& text) { steps = parse_count("--steps", text, max_steps); },
         fmt::format("Optimizer updates of each run, 1 to {}", max_steps))
      ->type_name("N")
      ->default_str("80");
  std::vector<std::string> notations;
  app.add_option("SCHEDULE", notations, "Notations of schedules to compare with the five")
      ->type_name("");
  app.add_option("--out", out, "Directory of curves.csv and the figures; created if missing")
      ->type_name("DIR")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
    compare(parse_schedules(notations), steps, out);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const std::exception& error) {
    fmt::print(stderr, "convex_bowl: {}\n", error.what());
    return 1;
  }
}
