#include "libsched/distributed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <utility>
#include <vector>

namespace libsched {
namespace {

// Gathers the tensors of all ranks, which must have the same shape.
std::vector<torch::Tensor> gather(c10d::ProcessGroup& group, const torch::Tensor& own,
                                  torch::Device device) {
  std::vector<torch::Tensor> in{own.to(device)};
  std::vector<std::vector<torch::Tensor>> out(1);
  for (int rank = 0; rank < group.getSize(); ++rank) out[0].push_back(torch::empty_like(in[0]));
  group.allgather(out, in)->wait();
  for (torch::Tensor& tensor : out[0]) tensor = tensor.cpu();
  return out[0];
}

std::vector<std::string> gather(c10d::ProcessGroup& group, const std::string& own,
                                torch::Device device) {
  const auto size = static_cast<std::int64_t>(own.size());
  std::vector<std::int64_t> sizes;
  for (const torch::Tensor& tensor : gather(group, torch::full({1}, size, torch::kInt64), device)) {
    sizes.push_back(tensor.item<std::int64_t>());
  }
  const std::int64_t longest = *std::max_element(sizes.begin(), sizes.end());
  const torch::Tensor padded = torch::zeros({longest}, torch::kUInt8);
  std::memcpy(padded.data_ptr<std::uint8_t>(), own.data(), own.size());
  std::vector<std::string> texts;
  for (const torch::Tensor& tensor : gather(group, padded, device)) {
    const auto* begin = tensor.data_ptr<std::uint8_t>();
    texts.emplace_back(begin, begin + sizes[texts.size()]);
  }
  return texts;
}

// The notations do not contain base values and the plateau's scale, so the values are added.
std::vector<std::string> describe(const LRScheduler& scheduler) {
  std::vector<std::string> lines;
  for (const auto& [name, notation] : scheduler.notations()) {
    lines.push_back(fmt::format("{}: {}", name, notation));
  }
  lines.push_back(fmt::format("step {}", scheduler.step_count()));
  for (const auto& [name, value] : scheduler.values()) {
    lines.push_back(fmt::format("{} now {}", name, value));
  }
  return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The first pair of lines, one from each list, that differ; "(nothing)" if a list has ended.
std::optional<std::pair<std::string, std::string>> first_differing_lines(
    const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto line = [](const std::vector<std::string>& lines, std::size_t i) {
    return i < lines.size() ? lines[i] : "(nothing)";
  };
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (line(a, i) != line(b, i)) return std::pair(line(a, i), line(b, i));
  }
  return std::nullopt;
}

}  // namespace

void require_same_on_all_ranks(c10d::ProcessGroup& group, const LRScheduler& scheduler,
                               torch::Device device) {
  const std::vector<std::string> texts =
      gather(group, fmt::format("{}", fmt::join(describe(scheduler), "\n")), device);
  const std::vector<std::string> first = lines_of(texts[0]);
  for (std::size_t rank = 1; rank < texts.size(); ++rank) {
    if (const auto lines = first_differing_lines(first, lines_of(texts[rank]))) {
      throw std::runtime_error(
          fmt::format("LRScheduler: rank {0} differs from rank 0\n  rank 0: {1}\n  rank {0}: {2}",
                      rank, lines->first, lines->second));
    }
  }
}

// The sum is made here, in the order of the ranks, because a backend may add in any order.
double average_over_ranks(c10d::ProcessGroup& group, double metric, double weight,
                          torch::Device device) {
  const torch::Tensor own = torch::tensor({metric, weight}, torch::kFloat64);
  double sum = 0;
  double weights = 0;
  for (const torch::Tensor& tensor : gather(group, own, device)) {
    const double* values = tensor.data_ptr<double>();
    if (values[1] == 0) continue;  // a rank without samples may have a metric of NaN
    sum += values[0] * values[1];
    weights += values[1];
  }
  return sum / weights;
}

}  // namespace libsched
