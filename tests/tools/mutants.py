#!/usr/bin/python3
"""Mutation testing: makes one small change to the code at a time and runs the tests: ./tests/tools/mutants.py [FILE...]

FILE is a path under libsched/ or integrations/torch/src/; if none is named, the core is changed. Prints the mutants that
survived and the share that was killed; fails below 95 %. For the core, 1,650 mutants, it takes an hour on two cores, and
for the driver, 450 mutants, half an hour: a person runs it, not CI. It does not test distributed.cpp, which takes several
processes.
"""
import argparse
import collections
import concurrent.futures
import enum
import os
import queue
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "mutants"
COMPILE = ["clang++", "-O0", "-w", "-fpch-instantiate-templates", "-D_GLIBCXX_ASSERTIONS"]  # twice as quick as g++ here
LIBRARIES = ["-lfmt", "-lgmock_main", "-lgmock", "-lgtest", "-lpthread"]

SWAPS = [(" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "), (" % ", " / "),
         (" += ", " -= "), (" -= ", " += "),
         (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" == ", " != "), (" != ", " == "),
         (" && ", " || "), (" || ", " && "), ("std::min(", "std::max("), ("std::max(", "std::min("),
         ("if (!", "if ("), ("true", "false"), ("false", "true")]
NUMBER = re.compile(r"(?<![\w.'])(\d[\d']*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.'])")
RULE = re.compile(r", (?:non_negative|positive|at_least_one|fraction|increasing_from_zero|increasing_from_one)\)")
CLAMP = re.compile(r"std::clamp\((\w+(?:\([^()]*\))?), (?:[^()]|\([^()]*\))*\)")
NOT_PAST = re.compile(r"\bnot_past\(start, end,")
NO_CODE = re.compile(r"""[^;{}]*= delete;|R"\([\s\S]*?\)"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'|//[^\n]*""")
EXIT = re.compile(r"^\s*(?:if \(.*\) )(?:return|throw|continue|refuse|fail|mistyped|find)\b.*;$")


class Mutant(NamedTuple):
    file: Path
    line: int
    old: str
    new: str

    def __str__(self):
        return f"{self.file}:{self.line + 1}\n  - {self.old.strip()}\n  + {self.new.strip() or '(nothing)'}"


def code_of(text):
    """The text with strings, comments and deleted functions blanked out, so that places in both are the same."""
    return NO_CODE.sub(lambda match: re.sub(r"[^\n\"]", " ", match[0]), text)


def changes(line, code):
    if code.startswith("#") or any(word in code for word in ("static_assert", "template <", "is_same_v")):
        return
    for old, new in SWAPS:
        for match in re.finditer(r"(?<!\w)" + re.escape(old) if old[0] != " " else re.escape(old), code):
            yield line[:match.start()] + new + line[match.end():]
    for match in NUMBER.finditer(code):
        value = float(match[1].replace("'", ""))
        for delta in (1, -1):
            changed = value + delta
            text = str(int(changed)) if changed.is_integer() and "." not in match[1] else repr(changed)
            yield line[:match.start()] + text + line[match.end():]
    for pattern, new in ((RULE, ")"), (CLAMP, r"\1"), (NOT_PAST, "(")):
        for match in pattern.finditer(code):
            yield line[:match.start()] + match.expand(new) + line[match.end():]
    if EXIT.match(code):
        yield ""


def mutants_of(file):
    text = (ROOT / file).read_text()
    return [Mutant(file, i, line, new) for i, (line, code) in enumerate(zip(text.splitlines(), code_of(text).splitlines()))
            for new in dict.fromkeys(changes(line, code))]


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def run(command, timeout):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=timeout,
                          preexec_fn=limit_memory).returncode


class Outcome(enum.Enum):
    DOES_NOT_BUILD = enum.auto()
    KILLED = enum.auto()
    TIMED_OUT = enum.auto()
    SURVIVED = enum.auto()
    LEFT_OUT = enum.auto()


class DoesNotBuild(Exception):
    pass


class Suite(NamedTuple):
    """What is compiled into the tests of a mutant: ROOT's sources, and its tests in translation units by name."""
    sources: list
    tests: dict
    headers: list  # precompiled
    flags: list
    libraries: list = []


TESTING = ["fmt/format.h", "gmock/gmock.h", "thread"]
CORE = Suite(["libsched/src/*.cpp"], {"property": "property/*_test.cpp", "unit": "unit/[!c]*_test.cpp", "unit_c": "unit/c[!h]*_test.cpp"}, TESTING,
             ["-std=c++20", f'-DKINDS_TXT="{ROOT}/examples/preview/kinds.txt"'])
STATE = Suite(CORE.sources, {"checkpoint": "unit/checkpoint_*_test.cpp"}, TESTING, ["-std=c++20", f"-iquote{ROOT}/libsched/src"])
STATE_FILES = {Path("libsched/src/state.cpp")}
# clang 14 compiles LibTorch 1.13's headers in C++17 only.
DRIVER = Suite([*CORE.sources, "integrations/torch/src/*.cpp"], {"torch": "integrations/torch/*_test.cpp"},
               [*TESTING, "torch/nn/modules/linear.h", "torch/optim/adamw.h", "torch/optim/sgd.h", "torch/serialize.h",
                "torch/utils.h"],
               ["-std=c++17", "-isystem/usr/include/torch/csrc/api/include", "-DUSE_DISTRIBUTED", "-DUSE_C10D_GLOO",
                f'-DFIXTURES="{ROOT}/tests/integrations/torch/fixtures"'], ["-ltorch", "-ltorch_cpu", "-lc10"])
# These are in the core, but what they do per param group is tested with LibTorch.
DRIVER_FILES = {Path(f"libsched/src/{name}.cpp") for name in ("checkpoint", "driver", "step")}


class Worker:
    """A copy of the sources and their tests to change and build; to be quick, there is one translation unit per folder."""

    def __init__(self, number, suite):
        self.suite = suite
        self.folder = BUILD / str(number)
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("libsched", "integrations", "tests"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("corpus", "benchmark"))
        headers = self.folder / "precompiled.hpp"
        headers.write_text("".join(f"#include <{header}>\n" for header in suite.headers))
        run([*COMPILE, *suite.flags, "-x", "c++-header", str(headers), "-o", f"{headers}.pch"], 600)
        self.sources = sorted(file for pattern in suite.sources for file in self.folder.glob(pattern))
        own = "*_test.cpp" if suite is CORE else "driver_test.cpp" if suite is DRIVER else ""
        self.own_tests = sorted((self.folder / "tests" / "unit").glob(own)) if own else []
        self.all_tests = [self.joined(name, pattern) for name, pattern in suite.tests.items()]
        for file in (*self.sources, *self.own_tests, *self.all_tests):
            self.compile(file)

    def joined(self, name, pattern):
        all_of_them = self.folder / f"{name}.cpp"
        with all_of_them.open("w") as includes:
            for test in sorted((self.folder / "tests").glob(pattern)):
                if test.name == "allocation_test.cpp":
                    continue  # it replaces operator new
                # Files in one translation unit cannot share an unnamed namespace.
                test.write_text(test.read_text().replace("namespace {", f"namespace {test.stem} {{"))
                includes.write(f'#include "{test}"\n')
        return all_of_them

    def compile(self, file):
        # -MMD writes a list of the files that the object was made of.
        if run([*COMPILE, *self.suite.flags, "-MMD", "-include-pch", str(self.folder / "precompiled.hpp.pch"),
                f"-I{self.folder / 'libsched' / 'include'}", f"-I{self.folder / 'integrations' / 'torch' / 'include'}",
                f"-I{self.folder / 'integrations' / 'torch' / 'src'}", f"-I{self.folder / 'tests'}",
                "-c", str(file), "-o", f"{file}.o"], 600) != 0:
            raise DoesNotBuild

    def passes(self, tests):
        program = str(self.folder / "tests.run")
        if run(["clang++", "-fuse-ld=lld", "-o", program, *(f"{file}.o" for file in (tests, *self.sources)), *LIBRARIES,
                *self.suite.libraries], 600) != 0:
            raise DoesNotBuild
        return run([program, "--gtest_brief=1", "--gtest_fail_fast"], 20) == 0

    def try_out(self, mutant):
        file = self.folder / mutant.file
        text = file.read_text()
        lines = text.splitlines()
        lines[mutant.line] = mutant.new
        # First the tests that build quickly and are likely to kill: those of the file, such as decay_test.cpp of decay.hpp.
        own = [test for test in self.own_tests if self.suite is DRIVER or test.name.startswith(file.stem)]
        tests = own + self.all_tests
        before = {made: Path(f"{made}.o").read_bytes() for made in (*self.sources, *tests)
                  if str(file) in Path(f"{made}.d").read_text().split()}
        file.write_text("\n".join(lines) + "\n")
        try:
            # Compile the whole library before any test, so that no test runs with the mutant in only some of its files.
            for source in self.sources:
                if source in before:
                    self.compile(source)
            for test in tests:
                if test in before:
                    self.compile(test)
                if not self.passes(test):
                    return Outcome.KILLED
            return Outcome.SURVIVED
        except DoesNotBuild:
            return Outcome.DOES_NOT_BUILD
        except subprocess.TimeoutExpired:
            return Outcome.TIMED_OUT
        finally:
            file.write_text(text)
            for made, built in before.items():
                Path(f"{made}.o").write_bytes(built)


def suite_of(files):
    driver = {file for file in files if file.parts[0] == "integrations" or file in DRIVER_FILES}
    for part, suite in ((driver, DRIVER), (files & STATE_FILES, STATE)):
        if part and part != files:
            sys.exit("mutants: name state.cpp, or files of the driver, or other files of the core, and run each of the three by itself")
        if part:
            return suite
    return CORE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth mutant")
    parser.add_argument("--sample", type=int, metavar="N", help="only N mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample, 1 by default")
    parser.add_argument("--budget", type=float, default=float("inf"), metavar="SECONDS",
                        help="do not start a mutant after this time")
    options = parser.parse_args()
    if options.every < 1 or (options.sample or 0) < 0:
        parser.error("--every must be at least 1, --sample at least 0")

    core = [file.relative_to(ROOT) for pattern in ("include/libsched/*.hpp", "src/*.cpp")
            for file in sorted((ROOT / "libsched").glob(pattern))]
    known = core + [file.relative_to(ROOT) for file in sorted((ROOT / "integrations/torch/src").glob("*.cpp"))]
    unknown = [file for file in options.files if Path(file) not in known]
    if unknown:
        parser.error(f"not a file of the core or the driver (a path from the top of the clone): {', '.join(unknown)}")
    files = {Path(file) for file in options.files} or set(core) - DRIVER_FILES - STATE_FILES
    mutants = [mutant for file in known if file in files for mutant in mutants_of(file)][::options.every]
    if options.sample is not None:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    if options.list:
        print(*mutants, sep="\n")
        return 0

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        suite = suite_of(files)
        workers = list(pool.map(lambda number: Worker(number, suite), range(options.jobs)))
        if not all(map(workers[0].passes, workers[0].all_tests)):
            sys.exit("mutants: the tests do not pass without a mutant")
        end = time.monotonic() + options.budget
        free = queue.SimpleQueue()
        for worker in workers:
            free.put(worker)

        def attempt(mutant):
            worker = free.get()
            try:
                if time.monotonic() > end:
                    return Outcome.LEFT_OUT
                return worker.try_out(mutant)
            finally:
                free.put(worker)

        counts = collections.Counter()
        for i, (mutant, outcome) in enumerate(zip(mutants, pool.map(attempt, mutants)), 1):
            counts[outcome] += 1
            if outcome is Outcome.SURVIVED:
                print(mutant, flush=True)
            if i % 20 == 0:
                print(f"[{i} of {len(mutants)}, {counts[Outcome.SURVIVED]} survived]", file=sys.stderr, flush=True)

    tried = len(mutants) - counts[Outcome.LEFT_OUT]
    compiled = tried - counts[Outcome.DOES_NOT_BUILD]
    killed = compiled - counts[Outcome.SURVIVED]
    print(f"{tried} of {len(mutants)} mutants tried, {compiled} compile, {killed} killed: {100 * killed / max(compiled, 1):.1f} %; "
          f"{counts[Outcome.TIMED_OUT]} of them hung")
    return 0 if killed >= 0.95 * compiled else 1


if __name__ == "__main__":
    sys.exit(main())
