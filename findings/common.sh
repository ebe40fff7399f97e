# Functions that all findings share; each script sources this file. A script's second line is the fact that it shows.
set -euo pipefail
work=$(mktemp -d)
trap end EXIT
fact=$(sed -n '2s/^# //p' "$0")
cd "$work"

end() {  # exits with 0 if the outcome is the recorded one, 1 if it has changed, and 2 if the finding could not be run
  local status=$?
  if [ $status -ne 0 ] && [ -z "${shown:-}" ]; then
    [ ! -e "$work/log" ] || cat "$work/log" >&2
    status=2
  fi
  rm -rf --one-file-system "$work"
  exit $status
}

stop() {  # WHY: the finding cannot be run here
  echo "$*" >&2
  exit 2
}

pypi() {  # NAME==VERSION...: makes $python, which has these packages
  "${PYTHON:-python3}" -m venv "$work/environment"
  python=$work/environment/bin/python
  "$python" -m pip install -q --disable-pip-version-check "$@"
}

torch() {  # VERSION: makes $python, which has PyTorch of PyPI, and "${compile[@]}", which finds its LibTorch
  local environment=${XDG_CACHE_HOME:-$HOME/.cache}/libsched/torch-$1 # where tests/tools/wheel.sh keeps it
  python=$environment/bin/python
  if [ ! -x "$python" ]; then
    "${PYTHON:-python3}" -m venv "$work/torch-$1"
    python=$work/torch-$1/bin/python
    "$python" -m pip install -q --disable-pip-version-check torch=="$1"
  fi
  local packages here
  packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  here=$packages/torch
  compile=(g++ -std=c++20 -isystem "$here/include" -isystem "$here/include/torch/csrc/api/include" -L"$here/lib"
    -Wl,-rpath,"$here/lib" -Wl,-rpath,"$packages/nvidia/cu13/lib" -Wl,--allow-shlib-undefined)
}

installed() {  # PACKAGE VERSION: stops unless Debian's package is installed in this version
  local version
  version=$(dpkg-query -W -f '${Version}' "$1" 2> /dev/null || true)
  [ "$version" = "$2" ] || stop "This finding needs Debian's $1 $2, but ${version:-no version of it} is installed: apt-get install $1=$2"
}

debian() {  # SUITE PACKAGE=VERSION...: unpacks the packages into $work/SUITE
  local apt=$work/apt-$1
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" > "$apt/list"
  cat > "$apt/config" << CONFIG
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/list";
Dir::Etc::sourceparts "-";
APT::Sandbox::User "$(id -un)";
CONFIG
  APT_CONFIG=$apt/config apt-get update -qq
  (cd "$apt" && APT_CONFIG=$apt/config apt-get download -qq "${@:2}") || stop "Debian $1 no longer has ${*:2}"
  for package in "$apt"/*.deb; do dpkg-deb -x "$package" "$work/$1"; done
}

finding() {  # PACKAGES EXPECTED RECORDED SEEN: prints the finding and ends the script
  printf '%s\n  %s\n  expected: %s\n  seen:     %s\n' "$1" "$fact" "$2" "$4"
  shown=true
  [ "$3" != "$4" ] || exit 0
  printf '  recorded: %s\n  The outcome has changed.\n' "$3"
  exit 1
}
