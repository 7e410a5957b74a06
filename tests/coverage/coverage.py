#!/usr/bin/env python3
"""How many lines of the core the tests have run, from what gcov counted.

usage: coverage.py ROOT BUILD [--list]

BUILD was configured with SENDSCOPE_COVERAGE and its tests have run. Prints a row per file and folder; with --list
the lines that never ran. Exit 1 when a folder is below the limit.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

FOLDERS = ("core/wire", "core/net", "core/producer")
LEAST = 95.0  # per cent of the lines of each folder


def lines_of(counts_file, root):
    """{file: {line: count}} for the files of FOLDERS, as one object file's counters tell it."""
    out = subprocess.run(["gcov", "--json-format", "--stdout", counts_file.name], cwd=counts_file.parent,
                         capture_output=True, text=True)
    found = {}
    for report in out.stdout.splitlines():
        if not report.startswith("{"):
            continue
        told = json.loads(report)
        for file in told["files"]:
            path = pathlib.Path(told["current_working_directory"], file["file"]).resolve()
            name = os.path.relpath(path, root)
            if os.path.dirname(name) in FOLDERS:
                lines = found.setdefault(name, {})
                for line in file["lines"]:
                    number = line["line_number"]
                    lines[number] = max(lines.get(number, 0), line["count"])
    return found


def gather(root, build):
    files = collections.defaultdict(dict)
    counters = sorted(build.rglob("*.gcda"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda path: lines_of(path, root), counters):
            for name, lines in found.items():
                for number, count in lines.items():
                    files[name][number] = max(files[name].get(number, 0), count)
    return files


def spans(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    out = []
    for number in numbers:
        if out and out[-1][1] == number - 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def row(name, lines):
    run = sum(count > 0 for count in lines)
    share = 100.0 * run / len(lines)
    print(f"{name:52}{run:7} of {len(lines):5} lines {share:6.1f} %")
    return share


def main(arguments):
    listing = "--list" in arguments
    root, build = (pathlib.Path(a).resolve() for a in arguments if not a.startswith("--"))
    files = gather(root, build)
    low = []
    for folder in FOLDERS:
        names = sorted(name for name in files if os.path.dirname(name) == folder)
        if not names:
            sys.exit(f"{folder}: nothing was counted; is {build} built with SENDSCOPE_COVERAGE, and have its tests run?")
        for name in names:
            row(name, files[name].values())
            missed = sorted(number for number, count in files[name].items() if count == 0)
            if listing and missed:
                print(f"    never run: {spans(missed)}")
        share = row(f"{folder} in all", [count for name in names for count in files[name].values()])
        if share < LEAST:
            low.append(f"{folder}: {share:.1f} % of the lines are run by tests; at least {LEAST:.0f} % are wanted")
        print()
    print("\n".join(low) or f"each folder has at least {LEAST:.0f} %")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
