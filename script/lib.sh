# Shared by the scripts beside it: sourced, never run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
WAPC_CACHE=${WAPC_CACHE:-${HOME:?HOME is not set}/.cache/wapc}
export WAPC_CACHE
JOBS=${JOBS:-$(nproc)}

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n== %s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 2; }

# Every C++ file of the project, tracked or about to be.
cpp_files() { git -C "$ROOT" ls-files --cached --others --exclude-standard -- '*.cc' '*.h'; }

# configure PRESET: only when there is no build folder yet; ninja re-runs cmake by itself when it has to.
configure() {
  [ -f "$ROOT/build/$1/build.ninja" ] || (cd "$ROOT" && cmake --preset "$1" >&2)
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  configure "$preset"
  cmake --build "$ROOT/build/$preset" --parallel "$JOBS" ${1+--target "$@"} >&2
}

# tidy PRESET FILE...: clang-tidy over the files, as many at once as there are cores.
tidy() {
  local preset=$1
  shift
  (cd "$ROOT" && printf '%s\0' "$@" | xargs -0 -P "$JOBS" -n 1 clang-tidy-14 --quiet -p "build/$preset")
}
