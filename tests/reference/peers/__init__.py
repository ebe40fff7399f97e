"""The peers' calls as notations, one file per library; `recorded/` holds what the libraries gave.

Each function that a file registers has the arguments and the defaults of the peer's own schedule. So
every call of that schedule has a notation, and a call with another argument is an error. Some functions
also take `run`, the number of the run's steps: a schedule that has no end and no kind here is written
out up to that step.
"""

import importlib
import inspect
import pkgutil

EXACT = 1e-12  # relative to the largest value of the call
FLOAT32 = 1e-6  # if the library computes in float32


class Library:
    """The notations of one library's calls, by the name that its recordings have."""

    def __init__(self, name):
        self.name = name
        self.calls = {}  # recorded name: (function, tolerance)
        self.unsayable = {}  # recorded name: the reason why it has no notation
        self.asked = set()  # names that got a notation

    def call(self, *names, tolerance=EXACT):
        def register(function):
            for name in names or [function.__name__]:
                assert name not in self.calls, name
                self.calls[name] = function, tolerance
            return function
        return register

    def notation(self, name, run, *args, **kwargs):
        if name not in self.calls:
            raise LookupError(f"no function for {name!r}")
        self.asked.add(name)
        function, _ = self.calls[name]
        if "run" in inspect.signature(function).parameters:
            kwargs["run"] = run
        return function(*args, **kwargs)

    def nested(self, call, run):
        """Returns the notation of {"Name": [arguments]}, a schedule that is an argument of another."""
        (name, args), = call.items()
        return self.notation(name, run, *args)


def libraries():
    """Returns every library, by the name that its recordings have."""
    modules = (importlib.import_module(f"{__name__}.{module.name}")
               for module in pkgutil.iter_modules(__path__))
    found = (module.library for module in modules if hasattr(module, "library"))
    return {library.name: library for library in found}
