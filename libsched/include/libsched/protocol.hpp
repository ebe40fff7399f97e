#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/field.hpp"

// This finds out which members a schedule type has besides its operator(). libsched/README.md says
// what each member is for.
namespace libsched::detail {

// Each of these is the type of a call, with the arguments that the library passes.
template <class S>
using LengthCall = decltype(std::declval<const S&>().length());
template <class S>
using RestartCall = decltype(std::declval<const S&>().next_restart(Step{}));
template <class S>
using SampleCall =
    decltype(std::declval<const S&>().sample(Step{}, Step{}, std::declval<double*>()));
template <class S>
using FormerSampleCall =
    decltype(std::declval<const S&>().sample(Step{}, Step{}, std::declval<std::vector<double>&>()));
template <class S>
using PreparedCall = decltype(std::declval<const S&>().prepared());
template <class S>
using ComplaintCall = decltype(std::declval<const S&>().complaint());
template <class S>
using FieldsCall = decltype(std::declval<S&>().fields(Ignore{}));
template <class S>
using StaticName = decltype(std::string_view(*&S::name));

// In braces, an argument must not be narrowed: a parameter that cannot hold every Step, such as an
// int, does not compile.
template <class S>
using BracedRestartCall = decltype(std::declval<const S&>().next_restart({std::declval<Step>()}));
template <class S>
using BracedSampleCall = decltype(std::declval<const S&>().sample(
    {std::declval<Step>()}, {std::declval<Step>()}, std::declval<double*>()));

// Each of these is the type of a pointer to a member. It exists only if the member is public, not
// overloaded and not a template.
template <class S>
using LengthMember = decltype(&S::length);
template <class S>
using RestartMember = decltype(&S::next_restart);
template <class S>
using SampleMember = decltype(&S::sample);
template <class S>
using PreparedMember = decltype(&S::prepared);
template <class S>
using ComplaintMember = decltype(&S::complaint);

template <template <class> class Of, class S, class = void>
inline constexpr bool has = false;
template <template <class> class Of, class S>
inline constexpr bool has<Of, S, std::void_t<Of<S>>> = true;

// Whether the type has a member function of that name, whatever its signature. A data member with
// that name does not count.
template <template <class> class Member, class S, class = void>
inline constexpr bool declares = false;
template <template <class> class Member, class S>
inline constexpr bool declares<Member, S, std::void_t<Member<S>>> =
    std::is_member_function_pointer_v<Member<S>> ||
    std::is_function_v<std::remove_pointer_t<Member<S>>>;

template <template <class> class Call, class Result, class S, class = void>
inline constexpr bool gives = false;
template <template <class> class Call, class Result, class S>
inline constexpr bool gives<Call, Result, S, std::void_t<Call<S>>> =
    std::is_convertible_v<Call<S>, Result> && !std::is_floating_point_v<Call<S>>;

template <class S, class = void>
inline constexpr bool prepares = false;
template <class S>
inline constexpr bool prepares<S, std::void_t<PreparedCall<S>>> =
    std::is_invocable_r_v<double, const PreparedCall<S>&, Step>;

// The library would silently ignore a member with another signature, so such a type does not
// compile.
template <class S>
constexpr void check_members() {
  static_assert(!declares<LengthMember, S> || gives<LengthCall, std::optional<Step>, S>,
                "length() of a schedule must be: Step length() const, or "
                "std::optional<Step> length() const");
  static_assert(!declares<RestartMember, S> || gives<BracedRestartCall, std::optional<Step>, S>,
                "next_restart() of a schedule must be: "
                "std::optional<Step> next_restart(Step after) const");
  if constexpr (!std::is_base_of_v<Schedule, S>) {  // Schedule itself has a deprecated sample()
    static_assert(
        has<SampleCall, S> || !has<FormerSampleCall, S>,
        "sample() of a schedule no longer appends to a vector, but writes `count` values: "
        "void sample(Step first, Step count, double* out) const");
    static_assert(
        !declares<SampleMember, S> || has<BracedSampleCall, S> || has<FormerSampleCall, S>,
        "sample() of a schedule must be: void sample(Step first, Step count, double* out) const");
  }
  static_assert(!declares<PreparedMember, S> || prepares<S>,
                "prepared() of a schedule must be: auto prepared() const, and return a callable "
                "double(Step) const");
  static_assert(!declares<ComplaintMember, S> || gives<ComplaintCall, std::string, S>,
                "complaint() of a schedule must be: std::string complaint() const");
  static_assert(!has<FieldsCall, S> || (has_fields<S> && has<StaticName, S>),
                "a schedule with fields() needs: static constexpr std::string_view name, and "
                "template <class Visit> static constexpr auto fields(Visit visit)");
}

}  // namespace libsched::detail
