#!/usr/bin/env python3
"""Keeps README.md true: every command in it runs, every file it names exists, its scenario is a scenario.

usage: readme_test.py ROOT PROGRAM [--live BOOTSTRAP]
With --live only the commands that need a Kafka cluster run, against that one; without it only the others.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT, PROGRAM = pathlib.Path(sys.argv[1]).resolve(), os.path.abspath(sys.argv[2])
LIVE = sys.argv[sys.argv.index("--live") + 1] if "--live" in sys.argv else None
TEXT = (ROOT / "README.md").read_text()
LIVE_COMMANDS = ("live", "produce")


def commands():
    """The indented lines that begin with ./sendscope, without the explanation behind several spaces."""
    for line in TEXT.splitlines():
        if line.startswith("    ./sendscope"):
            yield re.split(r"\s{3,}", line.strip())[0]


def run(command, folder):
    words = [PROGRAM, *command.split()[1:]]
    stdin = subprocess.DEVNULL
    if "<" in words:
        stdin = open(folder / words[words.index("<") + 1], encoding="utf-8")
        words = words[:words.index("<")]
    if len(words) > 1 and words[1] == "gui":
        words += ["--bench-frames", "5"]
        if not os.environ.get("DISPLAY"):
            if not shutil.which("xvfb-run"):
                return f"skipped (no display and no Xvfb): {command}"
            words = ["xvfb-run", "-a", "-s", "-screen 0 1280x720x24", *words]
    if len(words) > 1 and words[1] == "live":
        words += ["--headless", "--count", "2000"]
    words = [word.replace("127.0.0.1:9092", LIVE) if LIVE else word for word in words]
    environment = {key: value for key, value in os.environ.items() if len(words) > 1 or key != "DISPLAY"}
    if "gui" in words:  # what is still allocated at the end is the graphics driver's
        environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    done = subprocess.run(words, cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=300, check=False, env=environment)
    if done.returncode != 0:
        sys.exit(f"{command}: exit status {done.returncode}\n{shlex.join(words)}\n{done.stdout[-2000:]}")
    return f"works: {command}"


def check_links():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        if "://" not in target and not (ROOT / target).exists():
            sys.exit(f"README.md names {target}, which does not exist")


def check_scenario(folder):
    (folder / "example.json").write_text(re.search(r"```json\n(.*?)```", TEXT, re.S).group(1))
    print(run("./sendscope check example.json", folder))


def is_live(command):
    words = command.split()
    return len(words) > 1 and (words[1] in LIVE_COMMANDS or words[-1].endswith(".trace"))


def link_scenarios(folder):
    """Those of the repository: what a user has written beside them need not keep its expectations."""
    words = ["git", "-C", ROOT, "ls-files", "-z", "scenarios"]
    listed = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False) if shutil.which("git") else None
    names = [name for name in listed.stdout.decode().split("\0") if name] if listed else []
    for name in names or [path.relative_to(ROOT) for path in (ROOT / "scenarios").iterdir()]:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(ROOT / name, folder / name)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        link_scenarios(folder)
        (folder / "lines.txt").write_text("a:1\nb:2\n")
        chosen = [command for command in commands() if is_live(command) == bool(LIVE)]
        assert chosen, "README.md has no commands?"
        for command in chosen:
            print(run(command, folder))
        if not LIVE:
            check_links()
            check_scenario(folder)


main()
