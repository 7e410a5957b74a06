#!/usr/bin/env python3
"""Transcripts nobody has seen before: the oracle lets Kafka's own producer write them, sendscope replays them.

usage: fresh.py ROOT PROGRAM [--seeds COUNT] [--from SEED]     exit status 77: skipped, with the reason

The oracle is looked for beside the repository and beside its parent, or where SENDSCOPE_ORACLE says. Every day
has seeds of its own; --from repeats those of another day.
"""
import argparse
import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FAMILIES = ("batch", "pool", "partition", "pipeline")
SEEDS_OF_A_DAY = 1000


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(77)


def find_oracle(root):
    named = os.environ.get("SENDSCOPE_ORACLE")
    places = [pathlib.Path(named)] if named else [
        folder / name for folder in root.parents[:2] for name in ("oracle", "shared/oracle")]
    for place in places:
        if os.access(place / "oracle", os.X_OK):
            return place / "oracle"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=100, help="of every profile")
    days = (datetime.date.today() - datetime.date(2026, 1, 1)).days
    parser.add_argument("--from", type=int, dest="first", default=days * SEEDS_OF_A_DAY + 10_000)
    arguments = parser.parse_args()
    oracle = find_oracle(arguments.root.resolve())
    if oracle is None:
        skip("there is no oracle beside the repository (Kafka's own classes, which write the transcripts)")
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed; the oracle needs a JDK 17 and Maven")
    seeds = f"{arguments.first}..{arguments.first + arguments.seeds - 1}"
    print(f"seeds {seeds} of every profile (--from {arguments.first} repeats them)", flush=True)
    failed = False
    for family in FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            generated = subprocess.run([oracle, "gen", "--family", family, "--seeds", seeds, "--out", folder], text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            if generated.returncode != 0:
                print(generated.stdout)
                skip("the oracle does not run here (see above)")
            if not any(pathlib.Path(folder).rglob("*.jsonl")):
                sys.exit(f"the oracle wrote no transcripts of the family {family}")
            replayed = subprocess.run([arguments.program, "conform", folder], text=True, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, check=False)
            print(replayed.stdout, flush=True)
            failed = failed or replayed.returncode != 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
