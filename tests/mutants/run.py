#!/usr/bin/env python3
"""Breaks the core on purpose, one line at a time, and demands that an expectation of a shipped scenario notices.

usage: run.py SOURCE BUILD [NAME]     NAME: only mutants whose name contains it
       run.py SOURCE --list           only checks that every substitution fits the sources, exactly once

Works in a copy, so the sources are never touched. Builds are incremental: a mutant costs one file and a link.
Exit status 1 when a mutant survives, does not compile, or does not fit; 77 when the time for it is not granted
(SENDSCOPE_MUTANTS is not set).
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

LONGEST_CHECK_S = 120  # a broken producer may never come to rest
FOLDERS = ("core", "sim", "ui", "scenarios", "assets", ".cmake")


def read_mutants(path):
    """Blocks of `key: value` lines; a value keeps its leading blanks but for the one behind the colon."""
    mutants, block = [], {}
    for line in path.read_text().splitlines() + [""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if block:
                mutants.append(block)
            block = {}
            continue
        key, _, value = line.partition(":")
        block[key] = value[1:]
    return mutants


def misfit(mutant, source):
    """Why the substitution cannot be made; empty when it can."""
    missing = {"name", "file", "from", "to"} - mutant.keys()
    if missing:
        return f"lacks {', '.join(sorted(missing))}"
    path = source / mutant["file"]
    if not path.is_file():
        return f"{mutant['file']} does not exist"
    found = path.read_text().count(mutant["from"])
    return "" if found == 1 else f"its text stands {found} times in {mutant['file']}"


def copy_sources(source, target):
    for folder in FOLDERS:
        shutil.copytree(source / folder, target / folder)
    shutil.copy(source / "CMakeLists.txt", target)


def build(folder):
    return subprocess.run(["ninja", "-C", folder / "build", "sendscope"], capture_output=True, text=True)


def first_complaint(folder):
    """What notices the mutant; None when nothing does."""
    try:
        check = subprocess.run([folder / "build/sendscope", "check", folder / "scenarios", "--seeds", "1..5"],
                               capture_output=True, text=True, timeout=LONGEST_CHECK_S)
    except subprocess.TimeoutExpired:
        return f"no end within {LONGEST_CHECK_S} s"
    if check.returncode == 0:
        return None
    broken = [line.strip() for line in check.stdout.splitlines() if line.startswith("  broken")]
    return broken[0] if broken else f"exit status {check.returncode}: {check.stderr.strip()[:200]}"


def try_mutant(mutant, folder):
    """Returns whether it was noticed, and tells how."""
    path = folder / mutant["file"]
    whole = path.read_text()
    path.write_text(whole.replace(mutant["from"], mutant["to"]))
    try:
        built = build(folder)
        if built.returncode != 0:
            print(f"DOES NOT COMPILE  {mutant['name']}\n{built.stdout[-2000:]}")
            return False
        complaint = first_complaint(folder)
    finally:
        path.write_text(whole)
    print(f"{'noticed ' if complaint else 'SURVIVED'}  {mutant['name']}\n          {complaint or ''}", flush=True)
    return complaint is not None


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    mutants = read_mutants(source / "tests/mutants/mutants.txt")
    misfits = [(m.get("name", "?"), misfit(m, source)) for m in mutants if misfit(m, source)]
    for name, why in misfits:
        print(f"DOES NOT FIT  {name}: {why}")
    if misfits or len(mutants) < 10:
        return 1
    if "--list" in sys.argv:
        print(f"{len(mutants)} mutants, all of them fit")
        return 0
    if "SENDSCOPE_MUTANTS" not in os.environ:
        print("SKIPPED: takes some minutes; SENDSCOPE_MUTANTS=1 ./test mutants runs it")
        return 77
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy_sources(source, folder)
        subprocess.run(["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DSENDSCOPE_TESTS=OFF",
                        "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"], check=True, capture_output=True)
        whole = build(folder)
        if whole.returncode != 0 or first_complaint(folder) is not None:
            print(f"the sources as they are do not pass:\n{whole.stdout[-2000:]}\n{first_complaint(folder)}")
            return 1
        results = [try_mutant(mutant, folder) for mutant in mutants if wanted in mutant["name"]]
    print(f"{sum(results)} of {len(results)} mutants noticed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
