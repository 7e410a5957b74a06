#!/usr/bin/env python3
"""Holds the tree to the house rules: who may include whom, how long files and functions may be, what is banned.

usage: tidy.py ROOT        prints FILE:LINE: what is wrong and what to do; exit 1 if anything is
       tidy.py --self-test every rule must object to a file made to break it
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def read_uses(text):
    """The table of CMakeLists.txt: folder -> folders whose headers it may include, besides its own and theirs."""
    uses = {}
    for line in re.findall(r"^\s*sendscope_library\(([^)]*)\)", text, re.M):
        folder, *words = line.split()
        using = []
        if "USES" in words:
            using = [word for word in words[words.index("USES") + 1:] if word.islower() and not word.startswith("sendscope_")]
            if "PRIVATE" in words:
                using = using[:words.index("PRIVATE") - words.index("USES") - 1]
        uses[folder] = using
    return uses


USES = read_uses((pathlib.Path(__file__).parents[2] / "CMakeLists.txt").read_text())
TOP_LEVEL = {"CMakeLists.txt", "README.md", "core", "sim", "ui", "scenarios", "tests", "assets", "sendscope", "test"}
FILE_LIMIT, FUNCTION_LIMIT, COLUMNS = 600, 70, 120

# pattern, where it is allowed, what to do instead
BANNED = [
    (r"\b(steady_clock|system_clock|high_resolution_clock|clock_gettime|gettimeofday)\b",
     ("core/live/", "ui/window/", "tests/bench/", "tests/live/"), "take `Nanos now` from the caller"),
    (r"\bthis_thread::sleep_|\b(usleep|nanosleep)\(|(?<!\w)::sleep\(", ("core/live/io_thread",), "wait on a Waiter"),
    (r"\bstd::(thread|jthread|async|condition_variable)\b", ("core/live/", "ui/live/", "ui/terminal/", "ui/window/", "tests/core/live/",
     "tests/core/event/", "tests/live/"), "threads belong to core/live"),
    (r"\bstd::random_device", ("core/live/",), "draw from a seeded Prng that is passed in"),
    (r"\bstd::(mt19937|uniform_\w+)|\bs?rand\(", (), "draw from a seeded Prng that is passed in"),
    (r"<(format|coroutine|source_location|ranges)>", (), "keep to the subset of C++20 that every tool chain takes"),
    (r"\b(TODO|FIXME|XXX)\b", (), "finish it, or leave it out"),
    (r"\b(model|latest)_?\.apply\(", ("core/model/", "tests/"), "a run is folded once: ask History"),
    (r"#include <asio", ("core/live/asio",), "asio stands in one file of core/live"),
]


def allowed_folders(folder):
    seen, todo = {folder}, list(USES[folder])
    while todo:
        used = todo.pop()
        if used not in seen:
            seen.add(used)
            todo += USES[used]
    return seen


def folder_of(path):
    """The longest row of USES that contains the path."""
    parents = [p for p in USES if path.startswith(p + "/")]
    return max(parents, key=len) if parents else None


def without_text(line):
    """The line without string and character literals and without a // comment."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(?:\\.|[^'\\])'", "' '", line)
    return line.split("//")[0]


def functions(lines):
    """Yields (first line, last line) of every function body, by following braces."""
    stack, statement, raw = [], "", False
    for number, line in enumerate(lines, 1):
        if raw or 'R"' in line:
            raw = ')"' not in line.split('R"')[-1] if 'R"' in line else ')"' not in line
            continue
        code = without_text(line)
        if code.lstrip().startswith("#"):
            continue
        for char in code:
            if char == "{":
                outer = stack[-1][0] if stack else "scope"
                stack.append((kind_of_block(statement, outer), number))
                statement = ""
            elif char == "}":
                if stack:
                    kind, first = stack.pop()
                    if kind == "function":
                        yield first, number
                statement = ""
            elif char == ";":
                statement = ""
            else:
                statement += char
        statement += " "


def kind_of_block(statement, outer):
    if outer != "scope":
        return "inner"
    words = statement.strip()
    if re.search(r"\b(namespace|class|struct|union|extern)\b", words) and not re.search(r"\)\s*(const|noexcept)?\s*$", words):
        return "scope"
    if re.search(r"\benum\b", words) or "(" not in words:
        return "inner"
    before_parameters = words.split("(")[0]
    if "=" in before_parameters and "operator" not in before_parameters:
        return "inner"  # a variable with its initializer
    return "function"


def check_file(path, text):
    lines = text.split("\n")
    folder = folder_of(path)
    if len(lines) - 1 > FILE_LIMIT:
        yield 1, f"{len(lines) - 1} lines; the limit is {FILE_LIMIT}: find the second room inside"
    if path.endswith(".h") and not text.lstrip().startswith("//"):
        yield 1, "a header begins with its contract, as a // comment"
    table = False  # rows of a table are kept one a line
    for number, line in enumerate(lines, 1):
        table = "clang-format off" in line or (table and "clang-format on" not in line)
        if len(line) > COLUMNS and not table:
            yield number, f"{len(line)} columns; the limit is {COLUMNS}"
        for pattern, places, remedy in BANNED:
            if re.search(pattern, line) and not path.startswith(places):
                yield number, f"'{re.search(pattern, line).group(0)}' is not used here: {remedy}"
        included = re.match(r'\s*#include "((?:core|sim|ui)/[^"]+)"', line)
        if included and folder:
            target = folder_of(included.group(1))
            if target not in allowed_folders(folder):
                yield number, f"{folder} may not include {included.group(1)}; it may use {sorted(allowed_folders(folder))}"
    for first, last in functions(lines):
        if last - first + 1 > FUNCTION_LIMIT:
            yield first, f"a function of {last - first + 1} lines; the limit is {FUNCTION_LIMIT}: split it"


def git(root, *words):
    """What git prints about the folder; None when there is no git, or it refuses."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}  # a hook sets GIT_DIR
    try:
        done = subprocess.run(["git", "-C", root, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=False, env=plain)
    except OSError:
        return None
    return done.stdout.decode() if done.returncode == 0 else None


def tracked_files(root):
    """The paths that belong to the repository; None where git does not know the folder (a source archive)."""
    listed = [path for path in (git(root, "ls-files", "-z") or "").split("\0") if path]
    return [path for path in listed if (root / path).exists()] or None


def check_tree(root):
    """Only what belongs to the repository: a user's own files lie where the user likes."""
    tracked = tracked_files(root)
    if tracked is None:
        tracked = [path.relative_to(root).as_posix() for top in ("core", "sim", "ui", "tests")
                   for path in (root / top).rglob("*")]
    for entry in sorted({path.split("/")[0] for path in tracked}):
        if not entry.startswith(".") and entry not in TOP_LEVEL:
            yield entry, 1, f"the top level holds only {sorted(TOP_LEVEL)} and dotfiles"
    for name in sorted(tracked):
        if name.startswith(("core/", "sim/", "ui/", "tests/")) and name.endswith((".h", ".cpp", ".def")):
            for line, what in check_file(name, (root / name).read_text()):
                yield name, line, what


def self_test():
    """Each rule objects to a file that breaks it, at the right line, and to nothing in a clean one."""
    long_function = "void f() {\n" + "  g();\n" * 70 + "}\n"
    cases = [
        ("core/base/x.cpp", '#include "core/wire/frame.h"\n', 1),
        ("sim/x.cpp", '\n#include "core/model/history.h"\n', 2),
        ("core/model/x.cpp", '#include "core/producer/sender.h"\n', 1),
        ("core/net/x.cpp", "auto t = std::chrono::steady_clock::now();\n", 1),
        ("sim/x.cpp", "\n\nstd::thread t;\n", 3),
        ("sim/x.cpp", "int x = rand();\n", 1),
        ("core/base/x.cpp", "a\n" * 601, 1),
        ("core/base/x.cpp", long_function, 1),
        ("core/base/x.cpp", "namespace a {\nstruct S {\n  int f(int x) const {\n" + "x;\n" * 70 + "}\n};\n}\n", 3),
        ("core/base/x.h", "#pragma once\n", 1),
    ]
    assert read_uses("  sendscope_library(a/b USES c d/e PRIVATE f)\nsendscope_library(c)\n") == {"a/b": ["c", "d/e"], "c": []}
    assert {"core/base", "sim", "sim/run", "ui/window"} <= USES.keys()
    for path, text, line in cases:
        found = [number for number, _ in check_file(path, text)]
        assert found == [line], f"{path}: expected an objection at line {line}, got {found}"
    clean = "// Contract.\n#pragma once\n#include \"core/base/types.h\"\nnamespace a {\nvoid f() {}\n}\n"
    assert not list(check_file("core/event/x.h", clean))
    with tempfile.TemporaryDirectory() as folder:
        self_test_of_the_tree(pathlib.Path(folder))


def self_test_of_the_tree(root):
    """What a user leaves in the folder is no fault; the same file in the repository is."""
    (root / "core").mkdir()
    for name in ("README.md", "orders.trace", "core/x.h", "core/mine.h"):
        (root / name).write_text("no contract\n")
    bad_sources = ["core/mine.h", "core/x.h"]
    assert [line[0] for line in check_tree(root)] == bad_sources  # an archive: no git here
    if git(root, "init", "-q") is None:
        print("git is not installed; what it says is not tested")
        return
    assert [line[0] for line in check_tree(root)] == bad_sources  # nothing tracked: an archive inside a repository
    git(root, "add", "README.md", "core/x.h")
    assert [line[0] for line in check_tree(root)] == ["core/x.h"]
    git(root, "add", "orders.trace")
    assert [line[0] for line in check_tree(root)] == ["orders.trace", "core/x.h"]


def main():
    self_test()
    if sys.argv[1:] == ["--self-test"]:
        return 0
    root = pathlib.Path(sys.argv[1])
    if tracked_files(root) is None:
        print(f"{root}: git does not know this folder; every source in it is checked, its top level is not")
    wrong = list(check_tree(root))
    for name, line, what in wrong:
        print(f"{name}:{line}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
