#!/usr/bin/env bash
# The program without a window builds where neither GLFW nor Dear ImGui is, and runs what needs no window.
# usage: headless_test.sh SOURCE BUILD
set -euo pipefail
source=$1 build=$2-headless  # as deep as BUILD, so that the compiler cache knows its sources

fail() { echo "$1" >&2; exit 1; }

# What the window needs is not there: were it looked for, it would have to be fetched, and cannot be.
[ -e "$build/build.ninja" ] ||
    cmake -S "$source" -B "$build" -G Ninja -DSENDSCOPE_WINDOW=OFF -DSENDSCOPE_TESTS=ON \
        -DCMAKE_DISABLE_FIND_PACKAGE_glfw3=ON -DFETCHCONTENT_FULLY_DISCONNECTED=ON
ninja -C "$build" sendscope test_random test_sim_run

window='glfw|imgui|glad|libGL|stb'
grep -E '^CMAKE_.*GLFW|^GLFW' "$build/CMakeCache.txt" && fail "a build without a window has looked for GLFW"
for program in sendscope tests/test_random tests/test_sim_run; do
    line=$(ninja -C "$build" -t commands "$program" | tail -1)
    grep -Eiq "$window" <<<"$line" && fail "$program is linked with what only a window needs: $line"
    ldd "$build/$program" | grep -Ei "$window" && fail "$program loads what only a window needs"
done
# The layers below the program need the codecs and the JSON library, and no thread or socket library of others.
line=$(ninja -C "$build" -t commands tests/test_random | tail -1)
grep -Eiq 'asio|CLI11|core_live|ui_' <<<"$line" && fail "test_random is linked with more than core, sim, model and run: $line"

cd "$(mktemp -d)"
"$build/sendscope" check scenarios/first-send.json >checked || fail "check does not work without a window"
grep -q ' 0 broken, 0 undecided' checked
"$build/sendscope" state scenarios/first-send.json --at 10ms >state
"$build/sendscope" run scenarios/first-send.json --format quiet --trace t.trace >/dev/null
"$build/sendscope" replay t.trace --format quiet
"$build/sendscope" >lesson && grep -q 'Here is\|here is' lesson
"$build/sendscope" gui scenarios/first-send.json 2>refused && fail "gui claims to work without a window"
grep -q 'built without a window' refused || fail "gui does not say why it cannot: $(cat refused)"
"$build/tests/test_sim_run"
SENDSCOPE_RANDOM_SEEDS=100 "$build/tests/test_random"
