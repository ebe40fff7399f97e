# Documents the members that every kind of schedule has, for Doxygen: the same words for each, on the same line. Before each kind
# of the catalogue, which -v catalogue=FILE has, it puts its picture of the gallery.
BEGIN {
  RS = ";"
  while ((getline text < catalogue) > 0) {
    if (text !~ /using Catalogue =/) continue
    sub(/.*std::tuple</, "", text)
    count = split(text, names, /[^A-Za-z0-9_]+/)
    for (i = 1; i <= count; ++i) is_kind[names[i]] = 1
  }
  RS = "\n"
}
function picture(name,   file) {
  file = tolower(substr(name, 1, 1))
  for (i = 2; i <= length(name); ++i) file = file (substr(name, i, 1) ~ /[A-Z]/ ? "_" : "") tolower(substr(name, i, 1))
  return "@image html " file ".svg"
}
function doc(text) { if (!documented) sub(/^ */, "&/** " text " */ ") }
/^  double operator\(\)\(Step/ { doc("The value at step t if the fields are valid, which a Schedule checks.") }
/^  (Step|std::optional<Step>) length\(\) const/ { doc("Steps until it has reached its end.") }
/^  std::optional<Step> next_restart\(Step (after|t)\) const/ { doc("The first restart after that step, if any.") }
/^  void sample\(Step first/ { doc("Writes the values at steps first to first + count - 1 to out[0] and on.") }
/^  (auto|Prepared) prepared\(\) const/ { doc("The same function, which a Schedule calls, with what is slow to find out found out once.") }
/^  std::string complaint\(\) const/ { doc("What is wrong with the fields together; empty if nothing is.") }
/^  static constexpr std::string_view name/ { doc("Its name in the notation.") }
/^  template <class Visit>/ { doc("Calls visit with the field() entries: see has_fields.") }
/^    double operator\(\)\(Step t\) const/ { doc("The value at step t.") }
/^(struct|using) / && documented {
  kind = $2 == "LIBSCHED_API" ? $3 : $2
  if (kind in is_kind) $0 = "/** " picture(kind) " */ " $0
}
{ print; documented = /^ *\/\/\// }
