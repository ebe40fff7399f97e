#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace libsched::detail {

// Whether two words differ only in capitals, '_', '-' and '.', as "CosineDecay" and "cosine_decay"
// do.
bool is_same_word(std::string_view a, std::string_view b);

// The part of a name after its last dot.
std::string_view without_module(std::string_view name);

// The percentage of a share: "5" for 0.05.
[[gnu::cold]] std::string percent(double share);

// The notation of another library's schedule, in terms of that library's parameters: for "StepLR"
// it is "step_decay(base_lr=lr, step_size=step_size, drop=gamma)". Empty for any other name.
std::string_view peer_schedule(std::string_view name);

// A sentence, "Keras's is ...", for a name that both libsched and another library use. Empty for
// any other name.
std::string_view namesake(std::string_view name);

// Such a sentence for a value of Hugging Face's lr_scheduler_type, such as "cosine".
std::string_view scheduler_type(std::string_view name);

// The notation of another library's plateau. Empty for any other name.
std::string_view peer_plateau(std::string_view name);

// What another library's parameter with this value is in a kind with these fields: "T_max" is
// "steps", "gamma" is "drop" or "decay=-ln(gamma)". Empty for any other name.
[[gnu::cold]] std::string peer_field(std::string_view kind, std::string_view name,
                                     std::string_view value,
                                     const std::vector<std::string_view>& fields);

// Ends the message about a value that other libraries accept and this field refuses: what does the
// same here. Empty if there is no hint.
std::string_view hint(std::string_view kind, std::string_view field);

}  // namespace libsched::detail
