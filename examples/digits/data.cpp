#include "digits/data.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr int pixels = 64;
constexpr int darkest = 16;

// The line's 64 pixels and its digit; fewer numbers if the line is malformed.
std::vector<int> numbers_in(const std::string& line) {
  std::vector<int> values;
  const char* const end = line.data() + line.size();
  for (const char* place = line.data(); place < end; ++place) {
    int value = 0;
    const auto [next, error] = std::from_chars(place, end, value);
    const int most = values.size() == pixels ? 9 : darkest;
    if (error != std::errc() || value < 0 || value > most || (next != end && *next != ',')) {
      return {};
    }
    values.push_back(value);
    place = next;
  }
  return values;
}

}  // namespace

Split load_digits(const std::filesystem::path& csv, torch::Device device) {
  std::ifstream file(csv);
  if (!file) throw std::runtime_error(fmt::format("cannot read the digits, {}", csv.string()));
  std::vector<float> images;
  std::vector<std::int64_t> labels;
  for (std::string line; std::getline(file, line);) {
    const std::vector<int> values = numbers_in(line);
    if (values.size() != pixels + 1) {
      throw std::runtime_error(fmt::format(
          "{}, line {}: must be 64 pixels from 0 to 16 and a digit, with commas between",
          csv.string(), labels.size() + 1));
    }
    for (int i = 0; i < pixels; ++i) {
      images.push_back(static_cast<float>(values[static_cast<std::size_t>(i)]) / darkest);
    }
    labels.push_back(values.back());
  }
  if (labels.size() < 500) {
    throw std::runtime_error(
        fmt::format("{} has {} digits, must have at least 500", csv.string(), labels.size()));
  }

  const auto n = static_cast<std::int64_t>(labels.size());
  const Digits all{torch::tensor(images).view({n, 1, 8, 8}).to(device),
                   torch::tensor(labels).to(device)};
  const auto lines = torch::arange(n, torch::TensorOptions(torch::kInt64).device(device));
  const auto is_test = lines.remainder(4).eq(3);
  return {all[lines.masked_select(is_test.logical_not())], all[lines.masked_select(is_test)]};
}

Digits Batches::operator[](libsched::Step step) {
  if (const libsched::Step epoch = step / per_epoch(); epoch != epoch_) {
    // The generator mixes its seed, so that adjacent seeds give unrelated orders.
    const auto generator =
        at::detail::createCPUGenerator(seed_ + static_cast<std::uint64_t>(epoch));
    order_ = torch::randperm(digits_.size(), generator).to(digits_.labels.device());
    epoch_ = epoch;
  }
  const std::int64_t begin = step % per_epoch() * size_;
  return digits_[order_.slice(0, begin, begin + size_)];
}
