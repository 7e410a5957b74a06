#!/usr/bin/env bash
# How far a build is, is told while it builds, also where its output is a plain pipe.
# usage: progress_test.sh ROOT
set -euo pipefail
root=$1
# shellcheck source=../../.tools/prepare.bash
. "$root/.tools/prepare.bash"
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT

mkfifo ninja told
exec 3<>ninja
tell_progress some/folder <ninja >told &
exec 4<told
printf '[1/40] a\n[2/40] b\n[5/40] c [1/2]\n' >&3  # ninja goes on after that
read -r -t 20 first <&4 || { echo "nothing is told before the build ends"; kill %1; exit 1; }
[ "$first" = "sendscope: building folder, 5 of 40 steps" ] || { echo "told: $first"; kill %1; exit 1; }
kill %1
