#!/usr/bin/env python3
"""paste.py BUILD FOLDER: pastes the source files that BUILD compiles into a few files. Each line of standard input names such a
file, its C++ standard, and the files and folders whose text it gets, in this order, unless an earlier line has taken them. The text
goes to FOLDER/NAME.cpp and the compiler's options to FOLDER/NAME.options. A file that no line takes is an error."""
import json
import re
import shlex
import sys
from pathlib import Path

build, folder = (Path(argument).absolute() for argument in sys.argv[1:])


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
left = sorted(compiled)
folder.mkdir()
for line in sys.stdin:
    name, standard, *places = line.split()
    files = [file for place in places for file in left if file.is_relative_to(Path(place).absolute())]
    files = list(dict.fromkeys(files))
    left = [file for file in left if file not in files]

    text = ""
    for number, file in enumerate(files):
        text += f"#undef main\n#define main main_{number}\n{file.read_text()}\n"
    (folder / f"{name}.cpp").write_text(text)
    flags = [option for file in files for option in options(compiled[file])] + [f"-iquote{file.parent}" for file in files]
    flags = {flag.split("=")[0]: flag for flag in flags}  # of a macro that two programs define, the last
    (folder / f"{name}.options").write_text("\n".join([standard, *flags.values()]))
if left:
    sys.exit("In no group of tests/tools/tidy.sh: " + ", ".join(map(str, left)))
