#!/bin/sh
# Builds the fuzzers and runs each for SECONDS (default 600), at most JOBS (default 2) at a time.
# usage: native/fuzz/run.sh [SECONDS] [TARGET...]
set -eu
native=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-600}
[ $# -gt 0 ] && shift
targets=${*:-packet extension packet_pad payload range_coder feature redundancy vocoder receiver protocol}

cd "$native"
# New inputs and findings stay in the build folder; the committed seeds are only read.
run_target() {
  found="build-fuzz/corpus/$1"
  mkdir -p "$found" build-fuzz/findings
  log="build-fuzz/findings/$1.log"
  if "build-fuzz/fuzz/fuzz_$1" -max_total_time="$2" -max_len=2048 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build-fuzz/findings/$1-" "$found" "fuzz/corpus/$1" >"$log" 2>&1; then
    echo "$1: $(grep -o 'number_of_executed_units: *[0-9]*' "$log")"
  else
    echo "$1: FAILED, see native/$log"
    return 1
  fi
}

if [ "${DRED_FUZZ_ONE:-}" ]; then
  run_target "$DRED_FUZZ_ONE" "$seconds"
  exit
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz

printf '%s\n' $targets | xargs -P "${JOBS:-2}" -I{} env DRED_FUZZ_ONE={} "$native/fuzz/run.sh" "$seconds"
