# Documents the members that every kind of schedule has, for Doxygen: the same words for each, on the same line.
function doc(text) { if (!documented) sub(/^ */, "&/** " text " */ ") }
/^  double operator\(\)\(Step/ { doc("The value at step t, where the fields are valid: a Schedule checks them.") }
/^  (Step|std::optional<Step>) length\(\) const/ { doc("Steps until it has reached its end.") }
/^  std::optional<Step> next_restart\(Step (after|t)\) const/ { doc("The first restart after that step, if any.") }
/^  void sample\(Step first/ { doc("Writes the values at steps first to first + count - 1 to out[0] and on.") }
/^  (auto|Prepared) prepared\(\) const/ { doc("The same function, with what is slow found out once: what a Schedule calls.") }
/^  std::string complaint\(\) const/ { doc("What is wrong with the fields together; empty where all is well.") }
/^  static constexpr std::string_view name/ { doc("Its name in the notation.") }
/^  template <class Visit>/ { doc("Calls visit with the field() entries: see has_fields.") }
/^    double operator\(\)\(Step t\) const/ { doc("The value at step t.") }
{ print; documented = /^ *\/\/\// }
