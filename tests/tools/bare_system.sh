# Sourced by what needs minimal Debian systems, as root: they lie in "$root", which goes at the end.
.ci/packages debootstrap git

root=$(mktemp -d)
cleanup() {
  umount "$root"/*/proc 2> /dev/null || true
  rm -rf --one-file-system "$root"
}
trap cleanup EXIT

make_system() {  # SUITE SYSTEM: with HEAD in /root/libsched
  local here=$root/$2
  debootstrap --variant=minbase "$1" "$here" > "$root/log" 2>&1 || { tail "$root/log"; exit 1; }
  # What is unstable is not signed for longer than a week, and a mirror may stand still for longer.
  [ "$1" != sid ] || echo 'Acquire::Check-Valid-Until "false";' > "$here/etc/apt/apt.conf.d/99libsched"
  git clone -q . "$here/root/libsched"
  mount -t proc proc "$here/proc"
}

run() {  # SYSTEM WHAT COMMAND: in /root/libsched; says how it went, and how it ended where it failed
  local start=$SECONDS verdict=pass
  chroot "$root/$1" env -i PATH="$PATH" HOME=/root CI="${CI:-}" LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    sh -ec "cd /root/libsched; $3" > "$root/log" 2>&1 || verdict=FAIL
  printf '%-9s %-28s %s in %d s\n' "$1" "$2" "$verdict" $((SECONDS - start))
  [ "$verdict" = pass ] || { tail -n 40 "$root/log"; return 1; }
}
