#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace libsched::detail {

// Whether two words are the same but for capitals, '_', '-' and '.': "CosineDecay", "cosine_decay".
bool is_same_word(std::string_view a, std::string_view b);

// Behind its last dot.
std::string_view without_module(std::string_view name);

// 0.05 is "5".
[[gnu::cold]] std::string percent(double share);

// What a schedule of PyTorch, optax, Keras, Hugging Face, timm or DeepSpeed is here, in terms of
// its own parameters: "StepLR" is "step_decay(base_lr=lr, step_size=step_size, drop=gamma)". Empty
// for any other name.
std::string_view peer_schedule(std::string_view name);

// "Keras's is ..." of a name that is both a kind's and a peer's. Empty for any other name.
std::string_view namesake(std::string_view name);

// The same of those that Hugging Face's lr_scheduler_type has, as "cosine".
std::string_view scheduler_type(std::string_view name);

// What a peer's plateau is here. Empty for any other name.
std::string_view peer_plateau(std::string_view name);

// What a parameter of theirs, which has this value, is here, in a kind with these fields: "T_max"
// is "steps", "gamma" is "drop" or "decay=-ln(gamma)". Empty for any other name.
[[gnu::cold]] std::string peer_field(std::string_view kind, std::string_view name,
                                     std::string_view value,
                                     const std::vector<std::string_view>& fields);

// Behind the message of a value that a peer takes and this field does not: what does the same here.
// Empty where there is nothing to say.
std::string_view hint(std::string_view kind, std::string_view field);

}  // namespace libsched::detail
