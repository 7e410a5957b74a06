#!/usr/bin/env bash
# Every lock of the core says where it stands in the order of core/base/mutex.h, and clang refuses a function
# that takes two of them the wrong way round. The sources themselves are held to it by the test "compilers".
# usage: lock_order.sh SOURCE     exit 77: skipped, with the reason
set -euo pipefail
cd "$1"

if grep -rnE '^ +(mutable )?Mutex [a-z_]+;' core; then
    echo "these locks do not say where they stand: ACQUIRED_BEFORE or ACQUIRED_AFTER(lock_order::leaves)"
    exit 1
fi
if ! command -v clang++ >/dev/null; then
    echo "SKIPPED: clang++ is not installed"
    exit 77
fi
check() { clang++ -std=c++20 -I. -fsyntax-only -Werror -Wthread-safety -Wthread-safety-beta "$@" tests/compilers/lock_order.cpp; }
check
if check -DWRONG_ORDER 2>/dev/null; then
    echo "clang accepts locks in the wrong order"
    exit 1
fi
echo "clang refuses the wrong order"
