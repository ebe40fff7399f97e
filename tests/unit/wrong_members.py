"""A member of a schedule type with a signature that would never be called is an error, whose sentence says the right one.

    wrong_members.py COMPILER INCLUDE_FOLDER
"""

import re
import subprocess
import sys
from pathlib import Path

SENTENCES = {
    "operator()": "operator() of a schedule must be: double operator()(Step t) const; a lambda must not be mutable",
    "length()": "length() of a schedule must be: Step length() const, or std::optional<Step> length() const",
    "next_restart()": "next_restart() of a schedule must be: std::optional<Step> next_restart(Step after) const",
    "sample()": "sample() of a schedule must be: void sample(Step first, Step count, double* out) const",
    "prepared()": "prepared() of a schedule must be: auto prepared() const, and return a callable double(Step) const",
    "complaint()": "complaint() of a schedule must be: std::string complaint() const",
    "fields() and name": "a schedule with fields() needs: static constexpr std::string_view name, and "
                         "template <class Visit> static constexpr auto fields(Visit visit)",
    "SampleAppends": "sample() of a schedule no longer appends to a vector, but writes `count` values: "
                     "void sample(Step first, Step count, double* out) const",
}

source = Path(__file__).with_suffix(".cpp")


def errors(of):
    command = [*sys.argv[1].split(";"), "-std=c++17", "-fsyntax-only", f"-I{sys.argv[2]}", f"-DTYPE={of}", source]
    done = subprocess.run(command, text=True, stderr=subprocess.PIPE)
    if (done.returncode == 0) != (done.stderr == ""):
        sys.exit(f"{of}: the compiler exits with {done.returncode}:\n{done.stderr}")
    return re.findall(r"static assertion failed.*?: (.*)$|static_assert failed.*? \"(.*)\"$", done.stderr, re.M)


if errors("OfOne"):
    sys.exit("a type without such members does not compile")
found = 0
member = None
for line in source.read_text().splitlines():
    if line.startswith("// ") and line[3:] in SENTENCES:
        member = line[3:]
    if match := re.match(r"struct (\w+) : OfOne {", line):
        found += 1
        due = SENTENCES.get(match[1], SENTENCES[member])
        got = ["".join(groups) for groups in errors(match[1])]
        if got != [due]:
            sys.exit(f"{match[1]}: expected the error\n  {due}\ngot\n  {got}")
assert found == 19, f"{found} types were found"
