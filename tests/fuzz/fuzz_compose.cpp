// Makes a tree of schedules from bytes through the C++ API, with any field values. A schedule is
// either refused by name or keeps every promise.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "../property/fields.hpp"
#include "target.hpp"

namespace libsched {
namespace {

// Reads the bytes of the input one after another, then zeros.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  bool empty() const { return at_ == end_; }
  unsigned byte() { return empty() ? 0 : *at_++; }

  double any_double() {
    using limits = std::numeric_limits<double>;
    constexpr std::array special{0.0,
                                 -0.0,
                                 1.0,
                                 -1.0,
                                 limits::quiet_NaN(),
                                 limits::infinity(),
                                 -limits::infinity(),
                                 limits::max(),
                                 -limits::max(),
                                 limits::min(),
                                 limits::denorm_min(),
                                 1 - limits::epsilon() / 2};
    const unsigned choice = byte();
    if (choice < special.size()) return special[choice];
    return choice < 128 ? (choice - 12) / 64.0 : std::bit_cast<double>(raw());
  }

  Step any_step() {
    constexpr std::array special{std::numeric_limits<Step>::min(), Step{-1}, detail::last_step,
                                 detail::last_step - 1, Step{1} << 53};
    const unsigned choice = byte();
    if (choice < special.size()) return special[choice];
    return choice < 192 ? choice - 5 : std::bit_cast<Step>(raw());
  }

 private:
  std::uint64_t raw() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | byte();
    return value;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// A schedule and a bound of its values. The bound is infinite if scaled or product may have
// overflowed, because then nothing is promised.
struct Tree {
  Schedule schedule = Constant{1};
  double ceiling = 1;
  bool has_custom = false;
};

class Builder {
 public:
  explicit Builder(Bytes& bytes) : bytes_(bytes) {}

  Tree tree(int levels) {
    if (--budget_ < 0) return {};
    constexpr unsigned kinds = std::tuple_size_v<Catalogue>;
    const unsigned kind = bytes_.byte() % (kinds + 1);
    if (kind == kinds) return custom();
    levels_ = levels;
    return make(kind, std::make_index_sequence<kinds>());
  }

 private:
  template <std::size_t... I>
  Tree make(unsigned kind, std::index_sequence<I...>) {
    Tree tree;
    ((I == kind ? void(tree = of_kind<std::tuple_element_t<I, Catalogue>>()) : void()), ...);
    return tree;
  }

  Tree custom() {
    struct Custom {
      double value;
      Step steps;
      double operator()(Step t) const { return t < steps ? 0 : value; }
      Step length() const { return steps; }
    };
    const Custom custom{bytes_.byte() / 8.0, std::max<Step>(bytes_.any_step(), 0)};
    return {custom, custom.value, true};
  }

  // Makes a schedule of kind S; constant(base_lr=1) if S refuses its fields.
  template <class S>
  Tree of_kind() {
    const std::vector<Tree> outer = std::exchange(parts_, {});
    S fields{};
    for (const detail::FieldData& field : fields_as_data(fields)) {
      detail::visit(field, [&](auto* value, const auto&... choice) {
        set(value, choice..., field.info->rule);
      });
    }
    Tree tree;
    try {
      tree.schedule = fields;
      tree.ceiling = ceiling(fields);
      for (const Tree& part : parts_) tree.has_custom |= part.has_custom;
    } catch (const std::invalid_argument& error) {
      const std::string form = std::string(S::name) + ": ";
      if (std::string_view(error.what()).substr(0, form.size()) != form) {
        fmt::print(stderr, "not so: the error names {}: {}\n", S::name, error.what());
        std::abort();
      }
    }
    parts_ = outer;
    return tree;
  }

  // One value in four may be anything. With more, few trees would be accepted.
  bool wild() { return bytes_.byte() % 4 == 3; }

  void set(double* value, const Rule& rule) {
    const bool anything = wild();
    *value = bytes_.any_double();
    if (anything) return;
    if (!std::isfinite(*value)) *value = 1;
    *value = std::clamp(std::abs(*value), std::max(rule.min, -1.0), rule.max);
    if (rule.above_min && *value == rule.min) *value = 1;
  }
  void set(Step* value, const Rule& rule) {
    const bool anything = wild();
    *value = bytes_.any_step();
    if (!anything) *value = std::max(*value, static_cast<Step>(rule.min));
  }
  void set(std::optional<Step>* value, const Rule& rule) {
    if (bytes_.byte() % 2 == 0) set(&value->emplace(), rule);
  }
  void set(void* value, const detail::Choice& choice, const Rule&) {
    choice.set(value, bytes_.byte() % choice.count);
  }
  void set(NumberPerGroup* value, const Rule& rule) { set(value->list.data(), rule); }
  void set(std::vector<double>* values, const Rule& rule) {
    values->resize(bytes_.byte() % 5);
    for (double& value : *values) set(&value, rule);
  }
  void set(std::vector<Step>* values, const Rule& rule) {
    values->resize(bytes_.byte() % 5);
    for (Step& value : *values) set(&value, rule);
    if (rule.increasing && !wild()) {
      std::sort(values->begin(), values->end());
      values->erase(std::unique(values->begin(), values->end()), values->end());
    }
  }
  void set(Schedule* value, const Rule&) {
    const int levels = levels_;
    if (levels > 1) parts_.push_back(tree(levels - 1));
    if (levels <= 1) parts_.push_back(Tree{});
    levels_ = levels;
    *value = parts_.back().schedule;
  }
  void set(std::vector<Schedule>* parts, const Rule& rule) {
    parts->assign(bytes_.byte() % 5, Constant{1});
    for (Schedule& part : *parts) set(&part, rule);
  }

  // The largest number among the fields and the bounds of the parts.
  template <class S>
  double ceiling(const S& fields) {
    double most = 0;
    for (const detail::FieldData& field : fields_as_data(fields)) {
      if (const auto* value = value_of<double>(field)) most = std::max(most, *value);
      if (const auto* values = value_of<std::vector<double>>(field)) {
        for (const double value : *values) most = std::max(most, value);
      }
    }
    for (const Tree& part : parts_) most = std::max(most, part.ceiling);
    return most;
  }
  static double ceiling(const OneCycle& s) {
    const double first = s.max_lr / s.div_factor;
    return std::max({s.max_lr, first, first / s.final_div_factor});
  }
  double ceiling(const Scaled& s) { return product_of({s.factor, parts_.front().ceiling}); }
  double ceiling(const Clamped& s) {
    return std::isfinite(parts_.front().ceiling) ? s.max : parts_.front().ceiling;
  }
  double ceiling(const Product&) {
    std::vector<double> ceilings;
    for (const Tree& part : parts_) ceilings.push_back(part.ceiling);
    return product_of(ceilings);
  }
  double ceiling(const Sum&) {
    double sum = 0;
    for (const Tree& part : parts_) sum += part.ceiling;
    return sum;
  }
  // A value below 0 may be subtracted from something again, and the result multiplied.
  static double ceiling(const Difference&) { return std::numeric_limits<double>::infinity(); }
  // An infinite product stays infinite, because infinity times 0 is not a number.
  static double product_of(const std::vector<double>& factors) {
    double product = 1;
    for (const double factor : factors) {
      product *= factor;
      if (!std::isfinite(product)) return std::numeric_limits<double>::infinity();
    }
    return product;
  }

  Bytes& bytes_;
  std::vector<Tree> parts_;  // the parts of the schedule that is being made
  int levels_ = 1;
  int budget_ = 16;  // the number of schedules that the tree may still have
};

void try_bytes(Bytes bytes) {
  const Tree tree = Builder(bytes).tree(5);
  const Schedule& schedule = tree.schedule;
  const Step a = bytes.any_step();
  const Step b = bytes.any_step();
  for (const Step t : {Step{0}, Step{1}, Step{100}, detail::last_step, a, b}) {
    require_well_behaved_at(schedule, t);
    if (t < 0 || std::isinf(tree.ceiling)) continue;
    const double value = schedule(t);
    require(value <= tree.ceiling, "is finite, and at most what its fields allow", schedule, t);
  }
  if (tree.has_custom) {
    require(to_string(schedule).find("custom") != std::string::npos, "prints its custom", schedule);
  } else {
    require_reads_back(schedule, {0, 100, a, b});
  }
  require_reviews(schedule);
}

}  // namespace
}  // namespace libsched

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  libsched::try_bytes({data, size});
  return 0;
}
