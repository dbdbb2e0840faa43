#!/usr/bin/env python3
"""Runs the queries of openCypher TCK feature files through parser and semantic analysis, and reports what is wrongly
refused (a query that has to run) and wrongly accepted (an error that has to be found before execution).

    tests/cypher/semantic/tck_check.py <tck folder> <cypher_check binary> [-v]

The TCK folder is the one with tck.py in it; its Gherkin reader is used. A development tool: no test depends on it."""
import os
import re
import subprocess
import sys

folder, binary = sys.argv[1:3]
sys.path.insert(0, folder)
import tck  # noqa: E402

cases = tck.load(os.path.join(folder, "open/features"))
todo = []
for case in cases:
    procedures, expected, queries = [], None, []
    for step in case.steps:
        m = re.match(r"there exists a procedure (.*?):?$", step.text)
        if m:
            procedures.append(m.group(1).strip())
        elif step.text.startswith(("executing query", "executing control query", "having executed")):
            queries.append((step.doc, step.text.startswith("executing query")))
        m = re.match(r"an? (\w+) should be raised at (compile time|runtime|any time): (\S+)", step.text)
        if m:
            expected = m.groups()
    for query, main in queries:
        todo.append((case.id, "".join("@proc %s\n" % p for p in procedures) + query, expected if main else None))

out = subprocess.run([binary], input="\x1e".join(q for _, q, _ in todo), capture_output=True, text=True, check=True).stdout.split("\n")
refused = accepted = other = 0
for (name, query, expected), line in zip(todo, out):
    code = line.split("\t")[0]
    if line == "ok":
        if expected and expected[1] == "compile time" and expected[0] != "ParameterMissing":
            accepted += 1
            print("ACCEPTED %s\n    %s\n    %s" % (name, query.replace("\n", "\n    "), expected))
    elif expected is None or expected[1] == "runtime":
        refused += 1
        print("REFUSED %s\n    %s\n    %s" % (name, query.replace("\n", "\n    "), line))
    elif not tck.code_matches(expected[0], code):
        other += 1
        print("OTHER CODE %s\n    %s\n    %s\n    expected %s" % (name, query.replace("\n", "\n    "), line, expected))
    elif "-v" in sys.argv:
        print("%s\n    %s\n    %s" % (name, expected, line))
print("%d queries: %d wrongly refused, %d wrongly accepted, %d with another code" % (len(todo), refused, accepted, other))
sys.exit(1 if refused or accepted or other else 0)
