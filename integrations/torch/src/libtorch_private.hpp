#pragma once

#include <torch/serialize/archive.h>

namespace libsched {

// The only place that reaches into LibTorch. What was written into an archive has no public way out
// but save_to(), which copies, and find_lr needs the very tensors that a state wrote. The language
// lets an explicit instantiation name a private member.
//
// If a new LibTorch does not compile here, the member has another name or type: its place is the
// private part of class OutputArchive in torch/csrc/api/include/torch/serialize/output-archive.h.
// If it is gone, compare every LibTorch's optimizer state by its own accessors (exp_avg() and so
// on) instead, and refuse states of other types unless their tensors stand in
// FindLROptions::buffers.
template <auto member>
struct Contents {
  friend torch::IValue contents(const torch::serialize::OutputArchive& archive) {
    return (archive.*member)._ivalue();
  }
};
torch::IValue contents(const torch::serialize::OutputArchive& archive);
template struct Contents<&torch::serialize::OutputArchive::module_>;

}  // namespace libsched
