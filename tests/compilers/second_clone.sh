#!/usr/bin/env bash
# A second clone finds in the compiler's cache what the first has compiled.
# usage: second_clone.sh SOURCE BUILD     exit 77: skipped, with the reason
set -euo pipefail
source=$1 work=$2/second-clone

if ! command -v ccache >/dev/null; then
    echo "SKIPPED: ccache is not installed"
    exit 77
fi
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
export CCACHE_DIR=$work/cache

compile() {  # CLONE: prints how many objects were compiled, and how many of them came from the cache
    mkdir -p "$work/$1"
    cp -r "$source"/{CMakeLists.txt,.cmake,assets,core,sim,ui} "$work/$1"
    cmake -S "$work/$1" -B "$work/$1/build" -G Ninja -DSENDSCOPE_TESTS=OFF >/dev/null
    ccache --zero-stats >/dev/null
    ninja -C "$work/$1/build" core_event >/dev/null
    ccache --print-stats | awk '
        /^(direct|preprocessed)_cache_hit/ { hits += $2 }
        /^cache_miss/ { misses += $2 }
        END { print hits + misses, hits + 0 }'
}

read -r compiled hits < <(compile first)
[ "$compiled" -gt 2 ] && [ "$hits" = 0 ] || { echo "the first clone compiled $compiled objects, $hits from an empty cache"; exit 1; }
read -r compiled hits < <(compile elsewhere/second)
echo "second clone: $hits of $compiled objects from the cache"
[ "$compiled" -gt 2 ] && [ "$hits" = "$compiled" ]
