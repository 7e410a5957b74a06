#!/usr/bin/env python3
"""Breaks the sources on purpose, one line at a time, and demands that somebody notices.

usage: run.py SOURCE BUILD [--core] [NAME]   NAME: only mutants whose name contains it
       run.py SOURCE --list                  only checks that every substitution fits the sources, exactly once

mutants.txt: an expectation of a shipped scenario must notice. core_mutants.txt (--core): the fast tests must, the
cheapest first; a mutant that is marked as equivalent is left out.

Works in a copy, so the sources are never touched. Builds are incremental: a mutant costs one file and a link.
Exit status 1 when too many mutants survive, or one does not compile or fit; 77 when the time for it is not granted
(SENDSCOPE_MUTANTS is not set).
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

LONGEST_RUN_S = 120  # a broken producer may never come to rest
LEAST_NOTICED = 95  # per cent of the core's mutants; the scenarios must notice all of theirs
FEWEST_MUTANTS = {"mutants.txt": 16, "core_mutants.txt": 60}


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


def all_fit(source, name):
    mutants = read_mutants(source / "tests/mutants" / name)
    misfits = [(m.get("name", "?"), misfit(m, source)) for m in mutants if misfit(m, source)]
    for mutant, why in misfits:
        print(f"DOES NOT FIT  {mutant}: {why}")
    return not misfits and len(mutants) >= FEWEST_MUTANTS[name], mutants


def strangers(folder, names):
    """A user's own scenarios, which git does not know, need not keep our promises."""
    listed = subprocess.run(["git", "-C", folder, "ls-files", "--others", "-z"], capture_output=True, check=False)
    return set(names) & set(listed.stdout.decode().split("\0"))


class Judge:
    """Builds the copy in `folder` and says what notices a mutant."""

    def __init__(self, folder):
        self.folder = folder

    def copy_sources(self, source):
        for name in self.COPIED:
            shutil.copytree(source / name, self.folder / name, ignore=strangers if name == "scenarios" else None)
        shutil.copy(source / "CMakeLists.txt", self.folder)

    def configure(self):
        flags = ["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold"] if shutil.which("mold") else []
        subprocess.run(["cmake", "-S", self.folder, "-B", self.folder / "build", "-G", "Ninja",
                        f"-DSENDSCOPE_TESTS={self.TESTS}", *flags], check=True, capture_output=True)

    def build(self, *targets):
        """What the compiler complains of; None when it does not."""
        built = subprocess.run(["ninja", "-C", self.folder / "build", *targets], capture_output=True, text=True)
        return built.stdout[-2000:] if built.returncode != 0 else None

    def run(self, *command):
        """What notices; None when nothing does."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN_S)
        except subprocess.TimeoutExpired:
            return f"no end within {LONGEST_RUN_S} s"
        return None if done.returncode == 0 else self.excerpt(done)


class ScenarioJudge(Judge):
    COPIED = ("core", "sim", "ui", "scenarios", "assets", ".cmake")
    TESTS = "OFF"

    def build_all(self):
        return self.build("sendscope")

    def first_complaint(self, _file):
        wrong = self.build("sendscope")
        if wrong:
            return wrong, None
        return None, self.run(self.folder / "build/sendscope", "check", self.folder / "scenarios", "--seeds", "1..5")

    @staticmethod
    def excerpt(done):
        broken = [line.strip() for line in done.stdout.splitlines() if line.startswith("  broken")]
        return broken[0] if broken else f"exit status {done.returncode}: {done.stderr.strip()[:200]}"


class CoreJudge(Judge):
    COPIED = ("core", "sim", "ui", "scenarios", "assets", ".cmake", "tests")
    TESTS = "ON"
    REST = ("test_core_producer", "test_conformance", "test_sim", "test_core_base", "test_core_event")
    # Tests of a folder's own; those of the window know it alone.
    OWN = {"core/event": ("test_core_event",), "core/net": ("test_core_net",), "ui/model": ("test_ui_model",)}
    WINDOW = ("test_ui_layout", "test_ui_workbench", "test_ui_window")

    def build_all(self):
        return self.build(*self.REST, *self.WINDOW, *(program for own in self.OWN.values() for program in own))

    def programs(self, file):
        folder = os.path.dirname(file)
        own = self.OWN.get(folder, ())
        return own + self.WINDOW if folder.startswith("ui/") else dict.fromkeys(own + self.REST)

    def first_complaint(self, file):
        for program in self.programs(file):
            wrong = self.build(program)
            if wrong:
                return wrong, None
            complaint = self.run(self.folder / "build/tests" / program, "--abort")
            if complaint:
                return None, f"{program}: {complaint}"
        return None, None

    @staticmethod
    def excerpt(done):
        for line in done.stdout.splitlines():
            if ": FAILED:" in line or "due to a fatal error" in line:
                return pathlib.PurePath(line.split(": ")[0]).name
        return f"exit status {done.returncode}: {done.stderr.strip()[:200]}"


def try_mutant(mutant, judge):
    """Returns whether it was noticed, and tells how."""
    path = judge.folder / mutant["file"]
    whole = path.read_text()
    path.write_text(whole.replace(mutant["from"], mutant["to"]))
    try:
        wrong, complaint = judge.first_complaint(mutant["file"])
    finally:
        path.write_text(whole)
    verdict = "DOES NOT COMPILE" if wrong else "noticed " if complaint else "SURVIVED"
    print(f"{verdict}  {mutant['name']}\n          {wrong or complaint or ''}", flush=True)
    return complaint is not None


def try_all(source, mutants, judge_type):
    with tempfile.TemporaryDirectory() as name:
        judge = judge_type(pathlib.Path(name))
        judge.copy_sources(source)
        judge.configure()
        wrong, complaint = judge.build_all(), None
        if wrong is None:
            wrong, complaint = judge.first_complaint("core/net/")
        if wrong is None and complaint is None:
            wrong, complaint = judge.first_complaint("ui/")
        if wrong or complaint:
            print(f"the sources as they are do not pass:\n{wrong or complaint}")
            return False
        results = [try_mutant(mutant, judge) for mutant in mutants if "equivalent" not in mutant]
    print(f"{sum(results)} of {len(results)} mutants noticed")
    least = LEAST_NOTICED if judge_type is CoreJudge else 100
    return bool(results) and 100 * sum(results) >= least * len(results)


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    if "--list" in sys.argv:
        lists = [all_fit(source, name) for name in FEWEST_MUTANTS]
        print(f"{sum(len(mutants) for _, mutants in lists)} mutants")
        return 0 if all(fit for fit, _ in lists) else 1
    core = "--core" in sys.argv
    fit, mutants = all_fit(source, "core_mutants.txt" if core else "mutants.txt")
    if not fit:
        return 1
    if "SENDSCOPE_MUTANTS" not in os.environ:
        print("SKIPPED: takes many minutes; SENDSCOPE_MUTANTS=1 ./test mutants runs it")
        return 77
    wanted = [argument for argument in sys.argv[3:] if argument != "--core"]
    mutants = [mutant for mutant in mutants if not wanted or wanted[0] in mutant["name"]]
    return 0 if try_all(source, mutants, CoreJudge if core else ScenarioJudge) else 1


if __name__ == "__main__":
    sys.exit(main())
