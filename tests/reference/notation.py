"""Asks libsched for the values of notations, through the program that evaluate.cpp makes."""

import math
import subprocess
import sys


def lines_of(program, *arguments, text=""):
    done = subprocess.run([program, *arguments], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{program} failed: {done.stderr}\n{text[:1000]}")
    return done.stdout.splitlines()


def evaluate(program, asked):
    """Returns the values at steps 0 .. count - 1 of each (count, notation)."""
    lines = lines_of(program, text="".join(f"{count} {notation}\n" for count, notation in asked))
    return [[float(value) for value in line.split(",")] for line in lines]


def relative(a, b, least):
    difference = abs(a - b) / max(abs(a), abs(b), least) if a != b else 0
    return math.inf if math.isnan(difference) else difference
