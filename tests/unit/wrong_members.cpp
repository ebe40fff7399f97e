// Does not compile: each type has one member with a signature that the library would never call.
// wrong_members.py expects one error per type.
#include <libsched/schedule.hpp>

using libsched::Step;

struct OfOne {
  double operator()(Step) const { return 1; }
};

// operator()
struct CallIsNotConst : OfOne {
  double operator()(Step) { return 1; }
};
struct CallReturnsNoNumberIfConst : OfOne {
  double operator()(Step) { return 1; }
  const char* operator()(Step) const { return ""; }
};
// length()
struct LengthIsNotConst : OfOne {
  Step length() { return 1; }
};
struct LengthIsADouble : OfOne {
  double length() const { return 1; }
};
struct LengthTakesAStep : OfOne {
  Step length(Step) const { return 1; }
};
// next_restart()
struct RestartIsNotConst : OfOne {
  std::optional<Step> next_restart(Step after) { return after + 1; }
};
struct RestartTakesNothing : OfOne {
  std::optional<Step> next_restart() const { return 1; }
};
struct RestartTakesAnInt : OfOne {
  std::optional<Step> next_restart(int after) const { return after + 1; }
};
struct RestartReturnsNothing : OfOne {
  void next_restart(Step) const {}
};
// sample()
struct SampleAppends : OfOne {
  void sample(Step, Step, std::vector<double>&) const {}
};
struct SampleIsNotConst : OfOne {
  void sample(Step, Step, double*) {}
};
struct SampleTakesInts : OfOne {
  void sample(int, int, double*) const {}
};
struct SampleTakesNoCount : OfOne {
  void sample(Step, double*) const {}
};
// prepared()
struct PreparedIsNotConst : OfOne {
  OfOne prepared() { return {}; }
};
struct PreparedIsNoFunction : OfOne {
  double prepared() const { return 1; }
};
// complaint()
struct ComplaintIsNotConst : OfOne {
  std::string complaint() { return {}; }
};
struct ComplaintIsABool : OfOne {
  bool complaint() const { return false; }
};
// fields() and name
struct FieldsWithoutName : OfOne {
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit();
  }
};
struct FieldsAreNotStatic : OfOne {
  static constexpr std::string_view name = "fields_are_not_static";
  template <class Visit>
  auto fields(Visit visit) const {
    return visit();
  }
};

void use() { (void)libsched::Schedule(TYPE{}); }
