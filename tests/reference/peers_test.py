"""Compares libsched with values that the peers' own schedule code gave.

    python3 peers_test.py EVALUATE [FILE...]

EVALUATE is the program that evaluate.cpp makes. A FILE has one recorded call per line; without a FILE, all
files in peers/recorded are read. The function that peers/LIBRARY.py has for the name of a call makes a notation
from the call's arguments alone. An unknown name or argument is an error.
"""

import json
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ next to the sources
from notation import evaluate, relative
from peers import libraries

RECORDED = Path(__file__).parent / "peers" / "recorded"


def read(files):
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def values_of(program, asked):
    """Returns the values of each (count, notation), or the error message."""
    try:
        return evaluate(program, asked)
    except SystemExit as refusal:
        if len(asked) == 1:
            return [str(refusal)]
        return [values_of(program, [one])[0] for one in asked]


def main(program, files):
    known = libraries()
    calls = read(files or sorted(RECORDED.glob("*.jsonl")))
    failures, skipped, asked = [], Counter(), []
    for call in calls:
        title = f"{call['peer']} {call['name']} {call['args']}"
        library = known.get(call["peer"])
        if library is None:
            failures.append(f"{title}: no library is called {call['peer']!r}")
        elif call["name"] in library.unsayable:
            skipped[call["peer"], call["name"]] += 1
        else:
            run = max(call["steps"]) + 1
            try:
                notation = library.notation(call["name"], run, **call["args"])
            except Exception as error:
                failures.append(f"{title} has no notation: {error!r}")
            else:
                asked.append((call, title, library.calls[call["name"]][1], run, notation))

    rows = values_of(program, [(run, notation) for *_, run, notation in asked])
    worst, names = Counter(), {}
    for (call, title, tolerance, run, notation), ours in zip(asked, rows):
        if isinstance(ours, str):
            failures.append(f"{title}: {ours}")
            continue
        row = call["peer"], call.get("version") or call["commit"]
        names.setdefault(row, []).append(call["name"])
        least = max(map(abs, call["values"]))
        difference, t, theirs = max((relative(ours[t], value, least), t, value)
                                    for t, value in zip(call["steps"], call["values"]))
        worst[row] = max(worst[row], difference)
        if not difference <= tolerance:
            failures.append(f"{title}: {notation} at step {t}: libsched {ours[t]}, peer {theirs}, "
                            f"{difference:.1e} of the largest, {tolerance:.0e} allowed")
    if not files:
        failures += [f"{peer} {name}: no call of it is recorded"
                     for peer, library in known.items()
                     for name in [*(library.calls.keys() - library.asked),
                                  *(library.unsayable.keys() - {name for _, name in skipped})]]

    print("| library | version | schedules | calls | largest difference |")
    print("|---|---|---|---|---|")
    for (peer, version), called in sorted(names.items(), key=str):
        print(f"| {peer} | {version} | {len(set(called))} | {len(called)} | "
              f"{worst[peer, version]:.1e} |")
    print("\nDifferences are relative to the largest value of the call.\n")
    for (peer, name), count in sorted(skipped.items()):
        print(f"{peer} {name}: {count} calls left out: {known[peer].unsayable[name]}")
    for failure in failures[:50]:
        print("FAILED", failure)
    print(f"{len(calls)} calls, {sum(skipped.values())} left out, {len(failures)} failed, "
          f"largest difference {max(worst.values(), default=0):.1e}")
    return 1 if failures or not calls else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], [Path(file) for file in sys.argv[2:]]))
