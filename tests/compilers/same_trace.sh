#!/usr/bin/env bash
# The same scenario and seed must give the same trace, whichever compiler built the program. Sources are compiled
# one by one here, so that each is seen to include what it needs.
# usage: same_trace.sh SOURCE BUILD PROGRAM     exit 77: skipped, with the reason
set -euo pipefail
# shellcheck source=tests/support/shipped_scenarios.bash
. "$(dirname "${BASH_SOURCE[0]}")/../support/shipped_scenarios.bash"
source=$1 build=$2/clang program=$3

if ! command -v clang++ >/dev/null; then
    echo "SKIPPED: clang++ is not installed"
    exit 77
fi
[ -e "$build/build.ninja" ] ||
    cmake -S "$source" -B "$build" -G Ninja -DSENDSCOPE_UNITY=OFF -DCMAKE_CXX_COMPILER=clang++ \
        -DCMAKE_C_COMPILER=clang
ninja -C "$build" sendscope

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
compared=0
while IFS= read -r scenario; do
    for seed in 1 2; do
        "$program" run "$scenario" --seed $seed --format quiet --trace "$folder/gcc.trace" >/dev/null
        "$build/sendscope" run "$scenario" --seed $seed --format quiet --trace "$folder/clang.trace" >/dev/null
        cmp "$folder/gcc.trace" "$folder/clang.trace" || {
            echo "$scenario, seed $seed: the traces differ"
            exit 1
        }
        compared=$((compared + 1))
    done
done < <(shipped_scenarios "$source")
[ "$compared" -gt 0 ] && echo "$compared traces are equal"
