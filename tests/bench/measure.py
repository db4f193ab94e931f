"""Times one wapc command on project folders: five runs each of the whole process, the median of each figure. With --peer, a
Python that has the peer, the peer does the same work between wapc's runs, and the ratio of user CPU is printed."""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

COMMANDS = {"compile": ["compile"], "parse": ["compile", "--stop-after", "load"], "warm": ["compile"], "edit": ["compile"]}
RUNS = 5
PEERS = {"parse": "sqlglot with its C extension", "compile": "SQLMesh"}


def edit(path, text, number):
    """Another literal in the last model, as a person's save would leave it: other rows, the same columns."""
    path.write_text(f"{text.rstrip().rstrip(';')}\nLIMIT {number + 1000}\n")


def run(command):
    """One run: (exit code, user CPU in s, wall in s, peak memory in MB). Its output goes nowhere."""
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    return os.waitstatus_to_exitcode(status), usage.ru_utime, wall, usage.ru_maxrss / 1024


def run_peer(python, what, project):
    """The peer's user CPU in s: what it printed of its parsing alone, or that of the whole process."""
    command = [str(python), str(pathlib.Path(__file__).with_name("peers.py")), what, str(project)]
    if what == "parse":
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    code, user, _, _ = run(command)
    if code != 0:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return user


def measure(wapc, what, project, peer):
    files = sorted((project / "models").rglob("*.sql"))
    models = len(files)
    text = files[-1].read_text()
    command = [str(wapc), "-p", str(project), *COMMANDS[what]]
    if what in ("warm", "edit"):
        run(command)
    runs, peers = [], []
    for number in range(RUNS):
        # A load of SQLMesh takes a minute: once is enough to see a ratio of hundreds.
        if peer and (what == "parse" or number == 0):
            peers.append(run_peer(peer, what, project))
        if what in ("compile", "parse"):
            shutil.rmtree(project / ".wapc", ignore_errors=True)
        if what == "edit":
            edit(files[-1], text, number)
        runs.append(run(command))
    files[-1].write_text(text)
    codes = {code for code, *_ in runs}
    user, wall, memory = (statistics.median(column) for column in list(zip(*runs))[1:])
    print(f"{what} {project}: {models} models, user {user:.3f} s, wall {wall:.3f} s, peak {memory:.0f} MB", end="")
    if what == "parse":
        print(f", {models / user:.0f} models/s", end="")
    if peers:
        theirs = statistics.median(peers)
        print(f"; {PEERS[what]} {theirs:.3f} s: {theirs / user:.1f} times", end="")
    print("" if codes == {0} else f", FAILED with exit {sorted(codes)}")
    return codes == {0}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapc", type=pathlib.Path, required=True)
    parser.add_argument("--what", choices=COMMANDS, required=True)
    parser.add_argument("--peer", type=pathlib.Path, help="a Python with sqlglot (parse) or SQLMesh (compile)")
    parser.add_argument("projects", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.peer and arguments.what not in PEERS:
        parser.error("there is a peer for parse and for compile only")
    passed = [measure(arguments.wapc.resolve(), arguments.what, project, arguments.peer) for project in arguments.projects]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
