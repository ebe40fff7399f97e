"""Holds the doc comment of every kind of schedule to what it says.

    python3 comments_test.py formulas
    python3 comments_test.py program --out FILE.cpp

The comment above each kind has two blocks: its formula, and an example with values of four digits. The first command
computes the values by the formula, the program that the second one writes computes them by the library.
"""

import argparse
import math
import re
import sys
from pathlib import Path

HEADERS = Path(__file__).resolve().parents[2] / "libsched" / "include" / "libsched"
VALUES = "// t = "


def fail(message):
    sys.exit(message)


def names():
    return re.findall(r"\w+", re.search(r"std::tuple<(.*?)>;", (HEADERS / "notation.hpp").read_text(), re.S)[1])


class Kind:
    """What the header says of one."""

    def __init__(self, name, comment, body):
        self.name = name
        self.fields = dict(re.findall(r"^  [\w:<>]+ (\w+)(?: = (.*?))?; +///<", body or "  List parts;  ///<", re.M))
        blocks = [[line[4:].strip() for line in block.splitlines()] for block in re.findall(r"(?:^/// {5}.*\n)+", comment, re.M)]
        self.formula = self.only("a formula", "base_lr * drop^floor(t / step_size)",
                                 [block for block in blocks if VALUES not in " ".join(block)])
        example = self.only("an example", f"StepDecay{{.base_lr = 0.1, .step_size = 30}}  {VALUES}0: 0.1, 30: 0.05",
                            [block for block in blocks if VALUES in " ".join(block)])
        self.example, values = " ".join(example).split(VALUES)
        self.values = [(int(t), value) for t, value in re.findall(r"(\d+): ([^,]+)", values)]
        if len(self.values) < 2:
            fail(f"the example of {name} must have at least two values, as in {VALUES}0: 0.1, 30: 0.05")

    def only(self, what, such_as, blocks):
        if len(blocks) != 1:
            fail(f"the comment above {self.name} must have {what} as its own block, such as\n\n///     {such_as}")
        return blocks[0]


def kinds():
    text = "".join(path.read_text() for path in HEADERS.glob("*.hpp"))
    return [Kind(name, *re.search(rf"((?:^///[^\n]*\n)*)^(?:struct (?:LIBSCHED_API )?{name} {{\n(.*?)^}};|using {name} = )", text, re.M | re.S).groups())
            for name in names()]


# The formulas, read as Python.

FUNCTIONS = {
    "e": math.e, "pi": math.pi, "sqrt": math.sqrt, "cos": math.cos, "tanh": math.tanh, "ln": math.log, "floor": math.floor,
    "min": min, "max": max, "count": lambda steps, t: sum(step <= t for step in steps),
    "anneal": lambda a, b, x: a + (b - a) * (1 - math.cos(math.pi * x)) / 2,  # OneCycle by default
    "curve": lambda x: x,  # Cooldown by default
}


def python(code):
    code = re.sub(r"number of (\w+) <= t", r"count(\1, t)", code)
    code = code.replace("^", "**").replace(".front()", "[0]").replace(".back()", "[-1]")
    code = re.sub(r"= \{([^}]*)\}", r"= [\1]", code)  # lists
    return re.sub(r"\.(\w+) = ", r"\1=", code).replace("{", "(").replace("}", ")")


class Schedule:
    """A kind with the values of its fields."""

    def __init__(self, kind, *in_order, **by_name):
        names = list(kind.fields)
        self.fields = {"parts": in_order} if names == ["parts"] else dict(zip(names, in_order)) | by_name
        for name, default in kind.fields.items():
            if default == "std::nullopt":  # how often Repeat repeats
                default = "inf"
            if re.fullmatch(r"[-\w.]+", default) and default != "unset":
                self.fields.setdefault(name, eval(default, {"inf": math.inf, "false": False}, self.fields))
        self.formula = kind.formula

    def length(self):
        return self.fields["steps"]

    def __call__(self, t):
        return Names(self, t).value()


class Names(dict):
    """What a formula may name at step t: constants, fields, and what its own lines define, each when it is asked for."""

    def __init__(self, schedule, t):
        super().__init__(FUNCTIONS | schedule.fields, t=t)
        lines = [python(line) for line in schedule.formula]
        self.definitions = dict(re.fullmatch(r"(\w+) = (.*)", line).groups() for line in lines if re.match(r"\w+ = ", line))
        self.cases = [line.rpartition(":")[::2] for line in lines if not re.match(r"\w+ = ", line)]
        if "parts" in self:
            self["a"], self["b"] = self["parts"]
        if "period_factor" in self:
            self["i"], self["start"], cycle = 0, 0, self["period"]
            while t >= self["start"] + cycle:
                self["start"], cycle, self["i"] = self["start"] + cycle, cycle * self["period_factor"], self["i"] + 1

    def __missing__(self, name):
        if name == "T":
            return (self["a"] if "a" in self else self["schedule"]).length()
        if name not in self.definitions:
            raise KeyError(name)
        return self.evaluated(self.definitions[name])

    def evaluated(self, code):
        return eval(code.strip(), {"__builtins__": {}}, self)

    def value(self):
        values = [self.evaluated(value) for condition, value in self.cases if not condition or self.evaluated(condition)]
        return values[0] if len(values) == 1 else f"{len(values)} values"


def check_formulas(_):
    """Each example has the values of the formula above it."""
    known = {}
    for kind in kinds():
        make = lambda *in_order, kind=kind, **by_name: Schedule(kind, *in_order, **by_name)
        known[kind.name] = known[kind.name.lower()] = make
    for kind in kinds():
        schedule = eval(python(kind.example).strip(), known)
        for t, printed in kind.values:
            value = schedule(t)
            value = value if isinstance(value, str) else f"{value:.4g}"
            if value != printed:
                fail(f"{kind.name}: the formula of the comment gives {value} at t = {t}, the example says {printed}")


def program(options):
    """Exits with 1 if the library has other values than the examples."""
    checks = "".join(f'  check("{kind.name}", {kind.example.strip()}, {t}, "{printed}");\n'
                     for kind in kinds() for t, printed in kind.values)
    rule, reports, scales = re.search(r"^/// +(ReduceOnPlateau\{.*\})\n/// +// reports (.*): scale (.*)\n",
                                      (HEADERS / "plateau.hpp").read_text(), re.M).groups()
    checks += f"  check({rule}, {{{reports}}}, {{{scales}}});\n"
    options.out.write_text(f"""// Made from the comments of the public headers by comments_test.py.
#include <cstdio>
#include <libsched/libsched.hpp>
#include <string>
#include <vector>
using namespace libsched;
static int faults = 0;
static void check(const char* kind, const Schedule& schedule, Step t, const std::string& printed) {{
  char value[32];
  std::snprintf(value, sizeof value, "%.4g", schedule(t));
  if (value == printed) return;
  std::printf("%s: the comment says %s at t = %lld, the library gives %s\\n", kind, printed.c_str(), static_cast<long long>(t), value);
  ++faults;
}}
static void check(const ReduceOnPlateau& rule, const std::vector<double>& reports, const std::vector<double>& scales) {{
  std::vector<double> found;
  PlateauState state = plateau_start(rule);
  for (const double report : reports) found.push_back((state = plateau_report(rule, state, report)).scale);
  if (found == scales) return;
  std::printf("ReduceOnPlateau: the library has other scales than the comment\\n");
  ++faults;
}}
int main() {{
{checks}  return faults == 0 ? 0 : 1;
}}
""")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["formulas", "program"])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    {"formulas": check_formulas, "program": program}[options.command](options)


main()
