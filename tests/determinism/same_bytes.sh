#!/usr/bin/env bash
# The same scenario and seed twice: the same trace and the same picture, byte for byte; another seed: another trace.
# usage: same_bytes.sh SOURCE PROGRAM
set -euo pipefail
# shellcheck source=tests/support/shipped_scenarios.bash
. "$(dirname "${BASH_SOURCE[0]}")/../support/shipped_scenarios.bash"
source=$1 program=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "$*"
    exit 1
}

compared=0
while IFS= read -r scenario; do
    for run in one two; do
        "$program" run "$scenario" --seed 5 --format quiet --trace "$folder/$run.trace" >/dev/null
    done
    cmp "$folder/one.trace" "$folder/two.trace" || fail "$scenario: two runs with one seed differ"
    "$program" run "$scenario" --seed 6 --format quiet --trace "$folder/other.trace" >/dev/null
    ! cmp -s "$folder/one.trace" "$folder/other.trace" || fail "$scenario: seeds 5 and 6 give the same trace"

    # A picture of one moment, twice.
    "$program" render "$scenario" --seed 5 --at 50ms -o "$folder/one.png"
    "$program" render "$scenario" --seed 5 --at 50ms -o "$folder/two.png"
    cmp "$folder/one.png" "$folder/two.png" || fail "$scenario: two pictures of one moment differ"
    compared=$((compared + 1))
done < <(shipped_scenarios "$source")
[ "$compared" -gt 0 ] || fail "no scenario in $source/scenarios"
echo "$compared scenarios: equal traces and pictures"
