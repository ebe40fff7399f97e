"""Runs every benchmark and prints what libsched takes beside its peers, as Markdown: report.py BUILD SHARED_BUILD"""
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
INCLUDES = HERE.parent.parent / "libsched" / "include"
CXX = os.environ.get("CXX", "g++")


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def google_benchmark(program):
    """Medians of CPU time in nanoseconds, with all sides of all cases in random order."""
    result = json.loads(output_of(
        str(program), "--benchmark_repetitions=9", "--benchmark_enable_random_interleaving=true",
        "--benchmark_min_time=0.05", "--benchmark_format=json"))
    scale = {"ns": 1, "us": 1e3, "ms": 1e6}
    order = output_of(str(program), "--benchmark_list_tests").splitlines()
    medians = sorted((run for run in result["benchmarks"] if run.get("aggregate_name") == "median"),
                     key=lambda run: order.index(run["run_name"]))
    for run in medians:
        if run.get("allocations"):
            allocations[run["run_name"]] = run["allocations"]
    return {run["run_name"]: run["cpu_time"] * scale[run["time_unit"]] for run in medians}


def table(*rows):
    """Rows of cells, the first of them the head."""
    print()
    for i, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if i == 0:
            print("|---|" + "---:|" * (len(row) - 1))
    print()


def ns(value):
    return f"{value:.1f} ns" if value < 1e3 else f"{value / 1e3:.1f} us" if value < 1e6 else f"{value / 1e6:.2f} ms"


def difference(value):
    return f"{value:+.1f} ns".replace("-0.0", "0.0").replace("+0.0", "0.0")


def times(ours, peer):
    return f"{peer / ours:.1f}x" if peer / ours < 100 else f"{peer / ours:.0f}x"


def compile_seconds(source):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.cpp"
        file.write_text(source)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output_of(CXX, "-std=c++17", "-O2", f"-I{INCLUDES}", "-c", str(file), "-o", str(Path(folder) / "one.o"))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines = output_of(CXX, "-std=c++17", f"-I{INCLUDES}", "-E", str(file)).count("\n")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, lines


def cpu():
    return next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                 if line.startswith("model name")), platform.machine())


build, shared_build = map(Path, sys.argv[1:])
allocations = {}
peers = json.loads(output_of(sys.executable, str(HERE / "python_side.py"),
                             str(build / "tests" / "benchmark" / "core_benchmark")))
measured = peers["nanoseconds"]
for program in ("core_benchmark", "torch_benchmark"):
    measured |= google_benchmark(build / "tests" / "benchmark" / program)
areas = defaultdict(lambda: defaultdict(dict))
for name, nanoseconds in measured.items():
    area, case, side = (name + "/").split("/")[:3]
    areas[area][case][side] = nanoseconds

cache = (build / "CMakeCache.txt").read_text()
torch_version = re.search(r"Torch_DIR:PATH=(.*)", cache)[1]
version_file = Path(torch_version) / "TorchConfigVersion.cmake"
libtorch = re.search(r'PACKAGE_VERSION "([^"]*)"', version_file.read_text())[1]
print(f"{cpu()}, {os.cpu_count()} cores; {output_of(CXX, '--version').splitlines()[0]}, -O3; "
      f"{peers['versions']}, LibTorch {libtorch}. CPU time, medians of 9 repetitions in random order.")

table(["a million values by `sample()`", "libsched", "loop by hand", "faster", "numpy", "faster", "as a vector"],
      *[[f"`{case}`", ns(sides["libsched"])] + [
          cell for side in ("by hand", "numpy")
          for cell in ((ns(sides[side]), times(sides["libsched"], sides[side])) if side in sides else ("", ""))]
        + [ns(sides["vector"])]
        for case, sides in areas["sample"].items()])

groups = areas["step"]["libsched"]
table(["`step()` of param groups", "libsched", "allocations", "LibTorch StepLR", "faster", "loop over `set_lr`", "faster"],
      *[[count, ns(groups[count]), f"{allocations.get(f'step/libsched/{count}', 0):.0f}",
         ns(areas["step"]["StepLR"][count]), times(groups[count], areas["step"]["StepLR"][count]),
         ns(areas["step"]["bare loop"][count]), times(groups[count], areas["step"]["bare loop"][count])]
        for count in sorted(groups, key=int)])

table(["one `step()`", "libsched, C++", "PyTorch, Python", "faster"],
      *[[case, ns(sides["libsched"]), ns(sides["PyTorch"]), times(sides["libsched"], sides["PyTorch"])]
        for case, sides in areas["python"].items()])

table(["share of a training step", "training step", "`step()`", "share"],
      *[[name, ns(areas["train"][case][""]), ns(groups["1"]), f"{100 * groups['1'] / areas['train'][case]['']:.4f} %"]
        for case, name in (("bowl", "the bowl, 2 parameters"), ("digits", "the digits network, batch of 32"))])

rows = []
for case, sides in areas["far"].items():
    call = areas["call"][case]
    by_hand = [ns(call["by hand"]), difference(call["libsched"] - call["by hand"])] if "by hand" in call else ["", ""]
    rows.append([f"`{case}`", ns(call["libsched"]), *by_hand, difference(sides["t = 1e12"] - sides["t = 1"])])
table(["one call", "`Schedule`", "formula by hand", "difference", "at t = 1e12"], *rows)

sequence = areas["sequence"]["any step"]
table(["a random step of a sequence of"] + list(sequence), ["takes"] + [ns(value) for value in sequence.values()])

headers = {"`<libsched/libsched.hpp>`": "#include <libsched/libsched.hpp>\n",
           "`<functional>` and `<vector>`": "#include <functional>\n#include <vector>\n"}
compiled = {name: [] for name in headers}
for _ in range(9):
    for name, source in headers.items():
        compiled[name].append(compile_seconds(source))
table(["to include", "compile time", "lines"],
      *[[name, f"{statistics.median(seconds for seconds, _ in runs):.2f} s", f"{runs[0][1]:,}"]
        for name, runs in compiled.items()])

sizes = {"core, static": build / "libsched" / "libsched.a", "driver, static": build / "integrations" / "torch" / "libsched_torch.a",
         "core, shared, stripped": shared_build / "libsched" / "libsched.so"}
with tempfile.TemporaryDirectory() as folder:
    stripped = Path(folder) / "stripped"
    output_of("strip", "-o", str(stripped), str(sizes["core, shared, stripped"]))
    table(["library"] + list(sizes), ["size"] + [f"{(stripped if 'stripped' in name else file).stat().st_size / 1024:.0f} KiB"
                                                 for name, file in sizes.items()])
