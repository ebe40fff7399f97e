"""Runs what every README shows, so that none of it can rot.

    python3 readme_test.py CHECK --build BUILD_DIR --cxx COMPILER --torch ON|OFF --work DIR
    python3 readme_test.py core_code|torch_code --out FILE.cpp

blocks.py says what each block needs; equivalents.py and recorded.py what the rows of tests/reference/coming_from mean; a
block or a row that they do not know is an error.
"""

import argparse
import builtins
import json
import math
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
import blocks
import equivalents
from recorded import LIBRARIES, RECORDED

SOURCE = Path(__file__).resolve().parents[2]
FOLDERS = ["libsched", "integrations", "examples", "tests", "findings"]
README = SOURCE / "README.md"
COMING_FROM = SOURCE / "tests" / "reference" / "coming_from"
INDEX = COMING_FROM / "README.md"
PAGES = sorted(set(COMING_FROM.glob("*.md")) - {INDEX})
GETTING_STARTED = SOURCE / "integrations" / "torch" / "getting_started.md"
READMES = [README, SOURCE / "CONTRIBUTING.md", GETTING_STARTED,
           *sorted(path for folder in FOLDERS for path in (SOURCE / folder).rglob("README.md")), *PAGES]
FORMER_README = SOURCE / "tests" / "docs" / "readme_0.1.0.md"  # whose C++ users of 0.1.0 have
GALLERY = SOURCE / "examples" / "preview" / "gallery"


def in_sources(path):
    return str(path.relative_to(SOURCE))


class Block(NamedTuple):
    file: str
    line: int
    language: str
    text: str

    @property
    def first(self):
        return self.text.splitlines()[0]

    @property
    def place(self):
        return f"{self.file}, line {self.line}"


def all_blocks():
    return [block for path in READMES for block in blocks_of(path)]


def blocks_of(path):
    found = []
    fence = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if fence is None and line.startswith("```"):
            fence, start, lines = line[3:], number, []
        elif fence is not None and line == "```":
            found.append(Block(in_sources(path), start, fence, "\n".join(lines) + "\n"))
            fence = None
        elif fence is not None:
            lines.append(line)
    if fence is not None:
        fail(f"{in_sources(path)}: the block that begins in line {start} has no end")
    return found


def of(language):
    return [block for block in all_blocks() if block.language == language]


def text_block(first):
    return next(block.text for block in of("text") if block.first == first)


class Row(NamedTuple):
    peer: str  # the heading that it stands below
    left: str
    right: str
    release: str
    how: str  # "run" or "read"
    line: str  # where it stands, for the compiler


def rows():
    """Of the tables of the pages that say what a call is here: those with code in the second column."""
    found = []
    for page in PAGES:
        peer = None
        in_table = False
        for number, line in enumerate(page.read_text().splitlines(), 1):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if line.startswith("## "):
                peer = line[3:]
            if not line.startswith("|"):
                in_table = False
            elif cells == ["call", "libsched", "release"]:
                in_table = True
            elif in_table and not line.startswith("|---"):
                left, right, known = cells
                release, _, how = known.rpartition(", ")
                if not right.startswith("`") or not right.endswith("`"):
                    fail(f"{in_sources(page)}: no code in the second column: {line}")
                if how not in ("run", "read") or not release:
                    fail(f"{in_sources(page)}: the release must end in ', run' or ', read': {line}")
                found.append(Row(peer, left.replace("`", ""), right.strip("`"), release, how,
                                 f'#line {number} "{in_sources(page)}"'))
    assert len(found) > 300, "the tables of equivalents were not found"
    twice = {row[:2] for row in found if [other[:2] for other in found].count(row[:2]) > 1}
    if twice:
        fail(f"these rows are there twice: {twice}")
    return found


def recorded_calls():
    """What tests/reference has of the values that the libraries' releases gave: of each library and name, its calls."""
    found = {}
    for path in sorted((SOURCE / "tests" / "reference").rglob("*.jsonl")):
        for line in path.read_text().splitlines():
            call = json.loads(line)
            calls = found.setdefault((call["peer"], call["name"]), [])
            if call not in calls:
                calls.append(call)
    return found


class Arguments(dict):
    """Of a recorded call; None is one that was left out."""

    def __missing__(self, name):
        if hasattr(builtins, name):
            raise KeyError(name)


class Instance(NamedTuple):
    """A row with the arguments of a recorded call in place of its own numbers."""
    lr: str
    right: str
    steps: list
    values: list
    version: str  # empty where only a commit is known


def instances(row, calls):
    recorded = RECORDED.get(row.peer, {}).get(row.left)
    if recorded is None:
        return []
    for own, theirs in recorded.numbers.items():
        is_there = own.strip("{}") in row.left or row.left.startswith(("the same", "["))
        if own != "lr" and theirs.isidentifier() and not is_there:
            fail(f"{row.peer}: {row.left}: it has no {own}, which is {theirs} in recorded.py")
    found = []
    for call in calls.get((LIBRARIES.get(row.peer, row.peer), recorded.name), []):
        names = {"math": math, "steps": call["steps"], "recorded": call["values"], **call["args"]}
        of = lambda expression: eval(expression, dict(names), Arguments(names))
        if not of(recorded.where):
            continue
        names["lr"] = of(recorded.numbers.get("lr", "0.1 if lr is None else lr"))
        numbers = {own: literal(of(theirs)) for own, theirs in recorded.numbers.items() if own != "lr"}
        right = row.right
        if numbers:
            longest = sorted(numbers, key=len, reverse=True)
            right = re.sub(r"(?<![\w.])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w.])",
                           lambda match: numbers[match[0]], row.right)
            missing = [own for own in numbers if not re.search(rf"(?<![\w.]){re.escape(own)}(?![\w.])", row.right)]
            if missing:
                fail(f"{row.peer}: {row.left}: these numbers of recorded.py are not in {row.right}: {missing}")
        end = of(recorded.upto) if recorded.upto else None
        found.append(Instance(literal(names["lr"]), right, call["steps"][:end], call["values"][:end],
                              call.get("version", "")))
    if not found:
        fail(f"{row.peer}: {row.left}: there is no recorded call of {recorded}")
    return found


def literal(value):
    """In C++."""
    assert value is not None, "an argument that recorded.py names was left out"
    if isinstance(value, list):
        return "{" + ", ".join(map(literal, value)) + "}"
    return value if isinstance(value, str) else repr(value)


def is_driver(row):
    return row.right.startswith("LRScheduler")


def plateau_of(row):
    found = re.search(r"ReduceOnPlateau\{.*\}", row.right)
    return found and found[0]


def fail(message):
    sys.exit(message)


def run(command, cwd=None, env=None, status=0):
    done = subprocess.run(command, shell=isinstance(command, str), cwd=cwd, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **(env or {})})
    if status is not None and done.returncode != status:
        fail(f"{command} exits with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


# The C++ blocks as one program.

HEAD = """// Made from the READMEs, and that of 0.1.0.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>
@INCLUDES@
static bool near(double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b); }
#define expect(what) \\
  if (!(what)) std::printf("%s: not so: %s\\n", place, #what), std::exit(1)
"""


def code(known, includes):
    includes = list(includes)
    functions, calls = "", ""
    texts = {block.first: block.text for block in of("cpp")}
    for number, block in enumerate([*of("cpp"), *blocks_of(FORMER_README)]):
        if block.first not in known:
            continue
        context, checks = known[block.first]
        if context:  # `@FIRST LINE@` is another block
            context = re.sub("@(.*)@", lambda match: texts[match[1]], context)
        includes += [line for line in block.text.splitlines() if line.startswith("#include")]
        # Errors name the README and its line; hoisted includes are replaced by empty lines.
        lines = ["" if line.startswith("#include") else line for line in block.text.splitlines()]
        text = "\n".join(lines).replace("int main() {", "static void program() {")
        body = f'#line {block.line + 1} "{block.file}"\n{text}\n'
        if "readme_0.1.0" in block.file:  # old names work, and warn
            ignored = '#pragma GCC diagnostic ignored "-Wdeprecated-declarations"'
            body = f"#pragma GCC diagnostic push\n{ignored}\n{body}#pragma GCC diagnostic pop\n"
        name = f"block_{number}"
        head = f'  [[maybe_unused]] constexpr auto place = "{block.place}";\n'
        if context is None:
            functions += f"namespace of_{name} {{\n{body}static void {name}() {{\n{head}{checks}}}\n}}\nusing of_{name}::{name};\n"
        elif checks is None:
            functions += f"[[maybe_unused]] inline void {name}{context} {{\n{body}}}\n"
            continue
        else:
            functions += f"static void {name}() {{\n{head}{context}{body}{checks}}}\n"
        calls += f"  {name}();\n"
    head = HEAD.replace("@INCLUDES@", "\n".join(dict.fromkeys(includes)))
    return head, functions, calls


def findings():
    """Of the table in libsched/README.md that says what review() finds: kind, notation, steps and sentence of each example."""
    table = (SOURCE / "libsched" / "README.md").read_text().split("| `FindingKind` |")[1].split("\n\n")[0]
    found = re.findall(r"^\| `(\w+)` \| [^|]+ \| (?:`([^`]+)`, (\d+) steps: )?(.*) \|$", table, re.M)
    header = (SOURCE / "libsched" / "include" / "libsched" / "review.hpp").read_text()
    known = re.findall(r"^  (\w+),? +///<", re.search(r"enum class FindingKind {\n(.*?)};", header, re.S)[1], re.M)
    if [kind for kind, *_ in found] != known:
        fail(f"libsched/README.md says of review that it finds {found}, review.hpp has {known}")
    return found


def core_code():
    head, functions, calls = code(blocks.CORE, [
        "#include <optional>", "#include <libsched/fmt.hpp>", "#include <libsched/libsched.hpp>"])
    metrics = ", ".join(map(repr, equivalents.METRICS))
    calls_of = recorded_calls()
    tables = {}  # a function of each library, since g++ takes long for a long one
    for row in rows():
        if is_driver(row) and not plateau_of(row):
            continue
        peer_and_left = f"{quoted(row.peer)}, {quoted(row.left)}"
        table = tables.setdefault(row.peer, [])
        prints = [("0.1", plateau_of(row) or row.right), *((instance.lr, f"{instance.right}, {instance.steps[-1] + 1}")
                                                           for instance in instances(row, calls_of))]
        table += [f"{{\n[[maybe_unused]] const double lr = {lr};\n{row.line}\nprint({peer_and_left}, {right});\n}}\n"
                  for lr, right in prints]
    table = "".join(f"static void print_{number}() {{\n{''.join(lines)}}}\n"
                    for number, lines in enumerate(tables.values()))
    print_rows = "".join(f"print_{number}(), " for number in range(len(tables)))
    finds = "".join(f"  find(FindingKind::{kind}, {quoted(notation)}, {steps}, {quoted(sentence)});\n"
                    for kind, notation, steps, sentence in findings() if notation)
    return f"""{head}
{blocks.TRAINERS}
{functions}
static void print(const char* peer, const char* left, const libsched::Schedule& right) {{
  std::printf("%s\\t%s\\t", peer, left);
  for (libsched::Step t = 0; t < 100; ++t) std::printf("%.17g ", right(t));
  std::printf("%.17g %.17g\\n", right(11'729), right(11'730));
}}
static void print(const char* peer, const char* left, const libsched::Schedule& right, libsched::Step count) {{
  std::printf("%s\\t%s\\t", peer, left);
  for (libsched::Step t = 0; t < count; ++t) std::printf("%.17g ", right(t));
  std::printf("\\n");
}}
static void print(const char* peer, const char* left, const libsched::ReduceOnPlateau& right) {{
  std::printf("%s\\t%s\\t", peer, left);
  libsched::PlateauState state = plateau_start(right);
  for (const double metric : {{{metrics}}}) {{
    std::printf("%.17g ", plateau_rate(right, state.scale, 0.1));
    state = plateau_report(right, state, metric);
  }}
  std::printf("%.17g\\n", plateau_rate(right, state.scale, 0.1));
}}
using namespace libsched;
{table}static void find(FindingKind kind, const char* notation, Step steps, const std::string& sentence) {{
  const std::vector<Finding> found = review(parse(notation), steps);
  if (found.size() == 1 && found[0].kind == kind && found[0].text == sentence) return;
  std::printf("libsched/README.md: review finds something else in %s\\n", notation), std::exit(1);
}}
int main(int count, char**) {{
  if (count > 1) return {print_rows}0;
{calls}{finds}}}
"""


def torch_code():
    head, functions, calls = code(blocks.TORCH, [
        "#include <filesystem>", "#include <fstream>", "#include <iostream>", "#include <torch/torch.h>",
        "#include <libsched/distributed.hpp>", "#include <libsched/find_lr.hpp>",
        "#include <libsched/fmt.hpp>"])
    table = "".join(f"  (void)({row.right});\n" for row in rows() if is_driver(row))
    return f"""{head}
{functions}
static void rows() {{
  using libsched::Constant, libsched::LRScheduler, libsched::ReduceOnPlateau, libsched::Step, libsched::ThresholdMode;
  const double lr = 0.1;
  torch::optim::SGD optimizer({{torch::ones({{1}})}}, torch::optim::SGDOptions(lr));
{table}}}
// What tests/reference/README.md says of LibTorch's own: it drops a step late.
static void torch_step_lr() {{
  constexpr auto place = "LibTorch's StepLR";
  torch::optim::SGD optimizer({{torch::ones({{1}})}}, torch::optim::SGDOptions(0.1));
  torch::optim::StepLR scheduler(optimizer, 30, 0.1);
  const auto lr = [&] {{ return static_cast<torch::optim::SGDOptions&>(optimizer.param_groups()[0].options()).lr(); }};
  int drop = 0;
  for (; lr() == 0.1; ++drop) scheduler.step();
  expect(drop == 31);
}}
int main() {{
{calls}  rows();
  torch_step_lr();
}}
"""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# The checks.

def check_blocks(_):
    """Every block is known, and what is known is there."""
    known = {"cpp": [*blocks.CORE, *blocks.TORCH, *blocks.PROGRAMS], "cmake": blocks.CMAKE, "text": blocks.TEXT}
    seen = {language: [] for language in known}
    commands = []
    for block in all_blocks():
        if block.language in known:
            if block.first not in known[block.language]:
                fail(f"{block.place}: no test knows this {block.language} block: {block.first}")
            seen[block.language].append(block.first)
        elif block.language == "sh":
            commands += block.text.splitlines()
        elif block.language != "diff":
            fail(f"{block.place}: no test knows blocks of the language '{block.language}'")
    for language, firsts in known.items():
        if sorted(seen[language]) != sorted(firsts):
            fail(f"these {language} blocks are not there, or twice: {set(firsts) ^ set(seen[language])}")
    if len(of("diff")) != 2:
        fail("there are not two diffs, of a kind and of a combinator")
    if sorted(commands) != sorted(blocks.SHELL):
        fail(f"no test knows these commands, or they are not there: {set(commands) ^ set(blocks.SHELL)}")
    presets = (SOURCE / "CMakePresets.json").read_text()
    lists = "".join(path.read_text() for path in SOURCE.glob("**/CMakeLists.txt") if "build" not in path.parts)
    for command, how in blocks.SHELL.items():
        kind, *what = how.split()
        if kind == "file":
            must_be_executable(what[0])
        elif kind == "target":
            preset, target = what
            assert f'"name": "{preset}"' in presets, f"there is no preset {preset}"
            assert re.search(rf"(executable|custom_target)\({target}\b", lists), f"there is no target {target}"
    tables = [path.read_text().split("| command | what it does |")[1].split("\n\n")[0]
              for path in (SOURCE / "CONTRIBUTING.md", SOURCE / "tests" / "README.md")]
    commands = re.findall(r"^\| `([^`]+)`", "\n".join(tables), re.M)
    assert len(commands) > 5
    for command in commands:
        if "/" in command.split()[0]:
            must_be_executable(command.split()[0])


def check_programs(_):
    """The blocks of integrations/README.md for trainers that can be had are lines of the programs that run them."""
    squeezed = lambda text: re.sub(r"\s", "", re.sub(r"//.*", "", text))
    for block in of("cpp"):
        if block.first in blocks.PROGRAMS:
            program = SOURCE / "tests" / "integrations" / "trainers" / blocks.PROGRAMS[block.first]
            if squeezed(block.text) not in squeezed(program.read_text()):
                fail(f"{block.place}: this is not in {in_sources(program)}")


def must_be_executable(path):
    if not os.access(SOURCE / path, os.X_OK):
        fail(f"{path} is no program")


def prose_of(path):
    return re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.S | re.M)


def anchors_of(path):
    headings = re.findall(r"^#+ (.*)$", prose_of(path), re.M)
    return {anchor_of(heading) for heading in headings}


def anchor_of(heading):
    return re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-")


def check_links(_):
    """Every link to a file or a heading has its end; README.md leads to every other page, the index to every page of its own."""
    ends = set()
    of_index = set()
    for path in READMES:
        links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose_of(path)))
        for link in links:
            if link.startswith("http"):
                continue
            file, _, anchor = link.partition("#")
            end = (path.parent / file).resolve() if file else path
            if not end.exists():
                fail(f"{in_sources(path)}: no file for the link {link}")
            if anchor and anchor not in anchors_of(end):
                fail(f"{in_sources(path)}: no heading for the link {link}")
            if path == README:
                ends.add(end)
            if path == INDEX:
                of_index.add((end, anchor))
    assert len(ends) > 30, "the links were not found"
    missing = set(READMES) - ends - {README, *PAGES}
    if missing:
        fail(f"README.md has no link to {sorted(map(in_sources, missing))}")
    libraries = {row.peer for row in rows()}
    for page in PAGES:
        for heading in re.findall("^## (.*)$", prose_of(page), re.M):
            if heading in libraries and (page, anchor_of(heading)) not in of_index:
                fail(f"{in_sources(INDEX)} has no link to {page.name}#{anchor_of(heading)}")


def check_size(_):
    """README.md can be read in one sitting: at most 300 lines and 22,000 bytes."""
    text = README.read_bytes()
    lines = len(text.splitlines())
    if lines > 300 or len(text) > 22_000:
        fail(f"README.md has {lines} lines and {len(text)} bytes, at most 300 and 22000: move what is about one folder there")


def check_equivalents(options):
    """Each row has the values of its call: as its library's release gave them, with the arguments of every call that was
    recorded; as PyTorch gives them; or as equivalents.py has them."""
    printed = {}
    for line in run([options.work / "core_code", "--rows"]).splitlines():
        peer, left, numbers = line.split("\t")
        printed.setdefault((peer, left), []).append([float(number) for number in numbers.split()])
    calls = recorded_calls()
    formulas = {(peer, left) for table in (equivalents.EQUIVALENT, equivalents.PLATEAU)
                for peer, of_peer in table.items() for left in of_peer}
    recorded = {(peer, left) for peer, of_peer in RECORDED.items() for left in of_peer}
    compared = set()
    skipped = False

    def compare(row, right, ours, theirs, to):
        assert len(ours) == len(theirs)
        for t, (their, our) in enumerate(zip(theirs, ours)):
            if not abs(their - our) <= to * max(map(abs, theirs)):
                fail(f"{row.peer}: {row.left} is {their} at step {t}, but {right} {our}")

    for row in rows():
        if is_driver(row) and not plateau_of(row):
            continue
        ours, *of_instances = printed[row.peer, row.left]
        compared.add(row[:2])
        found = instances(row, calls)
        for instance, values in zip(found, of_instances):
            compare(row, f"{instance.right}, lr = {instance.lr},", [values[t] for t in instance.steps], instance.values,
                    RECORDED[row.peer][row.left].to)
            if row.how != "run" or instance.version and not re.search(rf"(^|, ){re.escape(instance.version.split()[0])}(,|$)", row.release):
                fail(f"{row.peer}: {row.left} was run by {instance.version}: the row says {row.release}, {row.how}")
        if row.left in equivalents.PLATEAU.get(row.peer, {}):
            compare(row, row.right, ours, equivalents.PLATEAU[row.peer][row.left], 1e-9)
        elif row.left in equivalents.EQUIVALENT.get(row.peer, {}):
            formula = equivalents.EQUIVALENT[row.peer][row.left]
            compare(row, row.right, ours, [formula(t) for t in [*range(100), 11_729, 11_730]], 1e-9)
        elif row.peer == "PyTorch":
            theirs = pytorch(row.left, equivalents.METRICS if plateau_of(row) else [])
            if theirs is None:
                skipped = True
            else:
                compare(row, row.right, ours[:len(theirs)], theirs, 1e-9)
        elif not found:
            fail(f"neither recorded.py nor equivalents.py knows {row.left} of {row.peer}")
    if not {*formulas, *recorded} <= compared:
        fail(f"the tables do not have {sorted({*formulas, *recorded} - compared)}")
    if skipped:
        print("The oracle is missing: no torch in this Python. On Debian: apt-get install python3-torch")
        sys.exit(1 if os.environ.get("CI") else 77)


def pytorch(left, metrics):
    """The rates of 100 steps, or those that the metrics lead to."""
    try:
        import torch
    except ImportError:
        return None
    warnings.simplefilter("ignore")
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    scheduler = eval(left, {**vars(torch.optim.lr_scheduler), "opt": opt})
    theirs = []
    for metric in [[metric] for metric in metrics] or 100 * [[]]:
        theirs.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step(*metric)
    return theirs


def check_gallery(options):
    """README.md shows every kind of the catalogue, as kinds.txt has it, and the pictures are of it."""
    script = GALLERY.parent / "gallery.sh"
    preview = options.build / "examples" / "preview" / "preview"
    if run([script, "--table"]).strip() not in README.read_text():
        fail("the gallery of README.md is not what gallery.sh --table prints")
    notations = run([script, "--list"]).splitlines()
    names = [notation.split("(")[0] for notation in notations]
    known = re.search("known: (.*)", run([preview, "no_such_schedule_at_all()"], status=1)).group(1).split(", ")
    if sorted(names) != sorted(known):
        fail(f"the gallery and the catalogue differ in {set(names) ^ set(known) or names}")

    drawn = options.work / "gallery"
    shutil.rmtree(drawn, ignore_errors=True)
    run([script, preview, drawn])
    files = sorted(path.name for path in GALLERY.iterdir())
    if files != sorted(path.name for path in drawn.iterdir()):
        fail(f"{GALLERY} is not what gallery.sh draws: {files}")
    for file in files:
        committed, now = curves(GALLERY / file), curves(drawn / file)
        labels = [label for label, _ in now]
        if file != "schedules.svg" and labels != [notations[names.index(file[:-4])]]:
            fail(f"{file} is of {labels}")
        if [label for label, _ in committed] != labels:
            fail(f"{file} is of {[label for label, _ in committed]}, kinds.txt has {labels}: draw it again")
        for (label, was), (_, should) in zip(committed, now):
            distance = max(apart(was, should), apart(should, was))
            if distance > 0.02:
                fail(f"{file}: the curve of {label} is not what preview draws now: draw it again")


def curves(svg):
    """The label and the points of each, in parts of what they span: margins are the affair of gnuplot's version."""
    text = svg.read_text()
    found = []
    for label, group in re.findall(r'id="gnuplot_plot_\d+" ?><title>([^<]*)</title>(.*?)(?=id="gnuplot_plot|$)', text,
                                   re.S):
        paths = re.findall(r" d='([^']*)'", group)  # the curve, and its sample in a legend
        points = re.findall(r"[ML]\s*([\d.]+),([\d.]+)", max(paths, key=len, default=""))
        if not label.startswith("gnuplot_plot"):
            found.append((label, [(float(x), float(y)) for x, y in points]))
    assert found and all(len(points) > 1 for _, points in found), f"{svg}: no curve found"
    left, top = (min(point[i] for _, points in found for point in points) for i in (0, 1))
    right, bottom = (max(point[i] for _, points in found for point in points) for i in (0, 1))
    return [(label, [((x - left) / (right - left), (y - top) / max(bottom - top, 1)) for x, y in points])
            for label, points in found]


def apart(points, line):
    """How far the points are from the line, at most."""
    def to_segment(p, a, b):
        length = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
        along = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length if length else 0
        along = min(max(along, 0), 1)
        return math.dist(p, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])))
    return max(min(to_segment(p, a, b) for a, b in zip(line, line[1:])) for p in points)


def check_output(options):
    """What the READMEs show of the programs' output is what they print."""
    examples = options.build / "examples"
    out = options.work / "output"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    preview = examples / "preview" / "preview"

    def built(command):
        assert blocks.SHELL[command] == "output"
        return re.sub(r"^build/\w+/examples", str(examples), command)

    def shows(first, printed):
        if text_block(first) not in printed:
            fail(f"the block '{first}' is not in what is printed:\n{printed}")

    def has_form_of(first, printed):
        form = lambda text: re.sub(r"[\d.]+(e[+-]\d+)?", "#", re.sub(r" +", " ", text))
        if form(text_block(first)) not in form(printed):
            fail(f"the block '{first}' has not the form of what is printed:\n{printed}")

    shows("step_decay: step_size must be at least 1, got 0",
          run([preview, "step_decay(base_lr=0.1, step_size=0)"], status=1))
    shows("unknown field 'step_sise' of step_decay, did you mean 'step_size'?",
          run([preview, "step_decay(base_lr=0.1, step_sise=30)"], status=1))
    command = next(command for command in blocks.SHELL if "preview/preview" in command)
    if run(built(command)) != text_block("warmup(cosine_decay(base_lr=0.1, steps=900, min_lr=0), steps=100, start=0)"):
        fail(f"{command} prints:\n{run(built(command))}")
    if options.torch != "ON":
        return

    printed = run([options.work / "torch_code"], cwd=out)
    for block in blocks_of(GETTING_STARTED):
        if block.language == "text":
            shows(block.first, printed)

    shows("schedule                 final x     final y        loss   loss < 0.01",
          run([examples / "convex_bowl" / "convex_bowl", "--out", out]))
    # Times and the last digits are the machine's: one epoch, and the form only.
    short = f" --epochs 1 --out {out}"
    digits = [command for command in blocks.SHELL if "digits/digits" in command]
    for command in digits:
        if "--epochs" in command:
            run(built(command), cwd=out)
        else:
            has_form_of("schedule                train loss   test accuracy   seconds",
                        run(built(command) + short, cwd=out))
    assert len(digits) == 6

    parallel = examples / "data_parallel" / "data_parallel"
    if not parallel.exists():
        return  # a LibTorch without Gloo
    command = next(command for command in blocks.SHELL if "data_parallel --spawn" in command)
    has_form_of("processes 2, test accuracy 99.11 %, 3.1 seconds", run(built(command) + short, cwd=out))
    environment = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(random.randint(20_000, 60_000))}
    ranks = [subprocess.Popen([parallel, "--out", out, *arguments], cwd=out, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, **environment, "RANK": str(rank)})
             for rank, arguments in enumerate([[], ["--schedule", "cosine_decay(base_lr=0.006, steps=630)"]])]
    shows("data_parallel: rank 0: LRScheduler: rank 1 differs from rank 0",
          "".join(rank.communicate(timeout=300)[0] for rank in ranks))
    shutil.rmtree(out)


def copy_of_sources(work):
    """Its build folders are beside it, as in tests/package."""
    shutil.rmtree(work, ignore_errors=True)
    to = work / "libsched"
    to.mkdir(parents=True)
    (to / "build").symlink_to(work)
    for path in SOURCE.iterdir():  # by name: a build folder may lie beside them, and this copy in it
        if path.is_file():
            shutil.copy(path, to)
        elif path.name in FOLDERS:
            shutil.copytree(path, to / path.name)
    return to


TOOL = """#include <libsched/libsched.hpp>
int main() { return libsched::parse("step_decay(base_lr=0.1, step_size=30)")(30) == 0.05 ? 0 : 1; }
"""


def check_install(options):
    """The commands that install, and the ways to link, from a stranger's project."""
    work = options.work / "install"
    source = copy_of_sources(work)
    prefix = work / "prefix"
    with_compiler = [f"-DCMAKE_CXX_COMPILER={options.cxx}"]
    for command in (command for block in of("sh") for command in block.text.splitlines()):
        if blocks.SHELL[command] != "install":
            continue
        if command.startswith("cmake -G"):
            # tests/package builds and installs the driver, and a static library.
            command = shlex.join([*shlex.split(command), "-DLIBSCHED_TORCH=OFF", "-DBUILD_SHARED_LIBS=ON", *with_compiler])
        elif command.startswith("cmake --install"):
            assert command.endswith(" --prefix /usr/local")
            command = command.replace("/usr/local", str(prefix))
        elif command.startswith("g++"):
            (source / "tool.cpp").write_text(TOOL)
            descriptions = list(prefix.glob("**/libsched.pc"))
            assert len(descriptions) == 1, "libsched.pc is not installed"
            run(command, cwd=source, env={"PKG_CONFIG_PATH": str(descriptions[0].parent)})
            library = next(prefix.glob("**/libsched.so")).parent
            run(["./tool"], cwd=source, env={"LD_LIBRARY_PATH": str(library)})
            continue
        run(command, cwd=source)

    prefixes = str(prefix)
    if options.torch == "ON":
        run(["cmake", "--install", options.build, "--prefix", work / "with_driver"])
        prefixes = str(work / "with_driver")
    for number, block in enumerate(of("cmake")):
        project = work / f"consumer_{number}"
        project.mkdir()
        (project / "tool.cpp").write_text(TOOL)
        (project / "train.cpp").write_text("#include <libsched/torch.hpp>\nint main() {}\n")
        text = block.text
        if options.torch != "ON":
            text = re.sub(r"^.*libsched::torch.*\n", "", text.replace(" COMPONENTS torch", ""), flags=re.M)
        (project / "libsched").symlink_to(SOURCE)
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(consumer LANGUAGES CXX)\n"
            "add_executable(tool tool.cpp)\nadd_executable(train EXCLUDE_FROM_ALL train.cpp)\n" + text)
        # In place of the address that it was cloned from. Only the core is built: tests/package builds the driver.
        run(["cmake", "-G", "Ninja", "-B", "build", "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={prefixes}", *with_compiler,
             f"-DFETCHCONTENT_SOURCE_DIR_LIBSCHED={project / 'libsched'}"], cwd=project)
        run(["cmake", "--build", "build", "--target", "tool"], cwd=project)
        run(["build/tool"], cwd=project)
    shutil.rmtree(work)


def check_contributing(options):
    """The diffs of a new kind and of a new combinator apply, build, parse and pass their tests."""
    work = options.work / "contributing"
    source = copy_of_sources(work)
    kind, combinator = of("diff")
    for diff in kind.text, combinator.text.replace("Difference", "Difference, HalfLife"):  # both in one build
        (source / "new.diff").write_text(diff)
        run("patch -p1 --fuzz=0 < new.diff", cwd=source)
    run(["cmake", "-G", "Ninja", "-B", "build/build", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_UNITY_BUILD=ON",
         "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0", "-DLIBSCHED_TORCH=OFF", "-DLIBSCHED_EXAMPLES=OFF", "-DLIBSCHED_TESTS=OFF",
         "-DBUILD_SHARED_LIBS=OFF", f"-DCMAKE_CXX_COMPILER={options.cxx}"],
        cwd=source)
    run(["cmake", "--build", "build/build"], cwd=source)
    launcher = os.environ.get("CMAKE_CXX_COMPILER_LAUNCHER", "").split()

    def program(file):
        run([*launcher, options.cxx, "-std=c++20", "-Ilibsched/include", '-DKINDS_TXT="examples/preview/kinds.txt"',
             "-c", file, "-o", "new.o"], cwd=source)
        run([options.cxx, "new.o", "build/build/libsched/libsched.a", "-lfmt", "-lgmock_main", "-lgmock", "-lgtest", "-pthread",
             "-o", "new"], cwd=source)
        return "./new"

    # One translation unit, because GoogleTest takes longer to compile than the tests.
    (source / "new.cpp").write_text("""#include "tests/property/every_kind_test.cpp"
#include "tests/property/kinds_test.cpp"
#include "tests/unit/compose_test.cpp"
#include "tests/unit/decay_test.cpp"

TEST(Patched, ParsesAndPrintsBoth) {
  const auto schedule = libsched::parse("delayed(half_life(base_lr=0.1, steps=30), steps=5)");
  EXPECT_EQ(to_string(schedule), "delayed(half_life(base_lr=0.1, steps=30), steps=5)");
  EXPECT_EQ(schedule(5), 0.1);
  EXPECT_EQ(schedule(65), 0.025);
  EXPECT_EQ(libsched::delayed(libsched::CosineRestarts{0.1, 10}, 5).next_restart(5), 15);
}
""")
    program("new.cpp")
    for name, count in ("Patched", "1 test"), ("HalfLife", "1 test"), ("Delayed", "1 test"), ("Kinds", "2 tests"):
        if f"[  PASSED  ] {count}." not in run(["./new", f"--gtest_filter={name}.*"], cwd=source):
            fail(f"there is not {count} of {name}")
    comments = [sys.executable, "tests/docs/comments_test.py"]
    run([*comments, "formulas"], cwd=source)
    run([*comments, "program", "--out", "comments.cpp"], cwd=source)
    run([program("comments.cpp")], cwd=source)
    shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--build", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--cxx")
    parser.add_argument("--torch")
    options = parser.parse_args()
    if options.check in ("core_code", "torch_code"):
        options.out.write_text(globals()[options.check]())
    else:
        globals()[f"check_{options.check}"](options)


main()
