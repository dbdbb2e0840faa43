#!/usr/bin/env python3
"""Fails if a room includes another one that its CMakeLists.txt does not name in DEPENDS, if rooms form
a cycle, if a library that belongs to one room is included elsewhere, if a file grows past 500 lines,
or if a coroutine uses a form that GCC 12 miscompiles."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
# include prefix -> rooms (folder prefixes) that may use it
OWNED = {
    r"boost/(asio|beast)": ("server",),
    r"spdlog/": ("server",),
    r"openssl/": ("server",),
    r"argon2\.h": ("auth",),
    r"lmdb\.h": ("storage/lmdb",),
    r"libpq-fe\.h": ("storage/postgres",),
}
LONGEST = 500

allowed: dict[str, set[str]] = {}
for cmake in sorted(ROOT.glob("*/CMakeLists.txt")):
    for call in re.finditer(r"packhouse_library\(\s*(\w+)(.*?)\)", cmake.read_text(), re.S):
        depends = re.search(r"DEPENDS((?:\s+[a-z_]+)+)", call[2])
        allowed[call[1]] = set(depends[1].split()) if depends else set()

faults = []
for folder, names in allowed.items():
    for source in [*(ROOT / folder).rglob("*.hpp"), *(ROOT / folder).rglob("*.cpp")]:
        inside = source.relative_to(ROOT).as_posix()
        lines = source.read_text().splitlines()
        if len(lines) > LONGEST and "// table" not in lines[0]:
            faults.append(f"{inside}: {len(lines)} lines; {LONGEST} is the most")
        for number, line in enumerate(lines, 1):
            target = re.match(r'#include "(\w+)/', line)
            if target and target[1] != folder and target[1] not in names:
                faults.append(f"{inside}:{number}: {folder} may not include {target[1]}")
            for prefix, owners in OWNED.items():
                if re.match(rf"#include <{prefix}", line) and not inside.startswith(owners):
                    faults.append(f"{inside}:{number}: {prefix} belongs to {', '.join(owners)}")
            if re.search(r"co_await\b[^;]*(\[[^\]]*\]\s*[({]|\w\{|\(\{)", line):
                faults.append(f"{inside}:{number}: name the lambda or braced value before co_await (GCC 12 frees it twice)")


def reaches(start: str, goal: str, seen: set[str]) -> bool:
    return any(n == goal or (n not in seen and not seen.add(n) and reaches(n, goal, seen)) for n in allowed.get(start, ()))


faults += [f"{f} depends on itself" for f in allowed if reaches(f, f, set())]
print("\n".join(faults) or f"{len(allowed)} rooms, layers are clean")
sys.exit(bool(faults))
