#!/usr/bin/env python3
"""paste.py BUILD PASTED [FILE-OR-FOLDER...]: writes the text of the source files that BUILD compiles and that lie in these
places, in this order, into the file PASTED, and prints the compiler's options for it. It leaves out what earlier calls have
pasted into other files of that folder. Without a place, it fails if no call has pasted a file that BUILD compiles."""
import json
import re
import shlex
import sys
from pathlib import Path

build, pasted = (Path(argument).absolute() for argument in sys.argv[1:3])
places = [Path(place).absolute() for place in sys.argv[3:]]


def sources(command):
    """The files of a unity build, but for those that the build has made."""
    joined = re.findall(r'^#include "(.*)"$', Path(command["file"]).read_text(), re.MULTILINE)
    return [Path(file) for file in joined if not Path(file).is_relative_to(build)]


def options(command):
    """All but the standard, the input and the output."""
    words = iter(shlex.split(command["command"])[1:])
    for word in words:
        if word == "-isystem":
            yield word + next(words)
        elif word == "-o":
            next(words)
        elif word.startswith("-") and word != "-c" and not word.startswith("-std="):
            yield word


commands = json.loads((build / "compile_commands.json").read_text())
compiled = {file: command for command in commands for file in sources(command)}
listing = pasted.parent / "files"
done = listing.read_text().split() if listing.exists() else []
left = [file for file in compiled if str(file) not in done]
if not places:
    sys.exit("In no group of tests/tools/tidy.sh: " + ", ".join(map(str, left)) if left else 0)

files = [file for place in places for file in sorted(left) if file.is_relative_to(place)]
files = list(dict.fromkeys(files))
text = ""
for number, file in enumerate(files):
    text += f"#undef main\n#define main main_{number}\n{file.read_text()}\n"
pasted.write_text(text)
listing.write_text("\n".join([*done, *map(str, files)]))
flags = [option for file in files for option in options(compiled[file])] + [f"-iquote{file.parent}" for file in files]
print("\n".join({flag.split("=")[0]: flag for flag in flags}.values()))  # of a macro that two programs define, the last
