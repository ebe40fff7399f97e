#pragma once

#include <string_view>
#include <vector>

namespace libsched::detail {

// What a schedule of PyTorch, optax, Keras or Hugging Face is here, in terms of its own parameters:
// "StepLR" is "step_decay(base_lr=lr, step_size=step_size, drop=gamma)". Empty for any other name.
std::string_view peer_schedule(std::string_view name);

// What a parameter of theirs is here, in a kind with these fields: "T_max" is "steps", "gamma" is
// "drop" or "decay=-ln(gamma)". Empty for any other name.
std::string_view peer_field(std::string_view kind, std::string_view name,
                            const std::vector<std::string_view>& fields);

// Behind the message of a value that a peer takes and this field does not: what does the same here.
// Empty where there is nothing to say.
std::string_view hint(std::string_view kind, std::string_view field);

}  // namespace libsched::detail
