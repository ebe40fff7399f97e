#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>

#include "libsched/schedule.hpp"

/// Images, n x 1 x 8 x 8 with values from 0 to 1, and the digit that each shows.
struct Digits {
  torch::Tensor images, labels;

  std::int64_t size() const { return labels.size(0); }
  Digits operator[](const torch::Tensor& indices) const {
    return {images.index_select(0, indices), labels.index_select(0, indices)};
  }
};

struct Split {
  Digits train, test;
};

/// Loads the digits: every fourth line of the file is for testing, the others for training. Throws
/// a std::runtime_error that names the file, and the line if one is malformed.
Split load_digits(const std::filesystem::path& csv, torch::Device device = torch::kCPU);

/// Shuffled batches. The order of an epoch depends only on the seed and the epoch, so a run that is
/// resumed at some step gets the same batches without any other state.
class Batches {
 public:
  Batches(Digits digits, std::int64_t size, std::uint64_t seed)
      : digits_(std::move(digits)), size_(size), seed_(seed) {}

  /// The number of whole batches. A few digits are left out, different ones in each epoch.
  libsched::Step per_epoch() const { return digits_.size() / size_; }

  Digits operator[](libsched::Step step);

 private:
  Digits digits_;
  std::int64_t size_;
  std::uint64_t seed_;
  libsched::Step epoch_ = -1;
  torch::Tensor order_;  // the order of the digits in epoch_
};
