#!/usr/bin/env python3
"""Runs a command and sends it signals.

usage: signals.py STEP... -- COMMAND [ARG...]

STEPs, in order: out:TEXT (until it has come on stdout), err:TEXT (the same on
stderr), file:NAME (until it is there), send:NAME (a signal, to the command
alone), for:SECONDS (that long nothing may come and the command must not end),
stall (stdout is not read from now on), stdin:TEXT (writes to its stdin, which
is a pipe and stays open), stdin: (closes it), ignore:NAME (before all others:
the signal is ignored when it starts).
Then its end is awaited.  Prints what came on stdout and stderr, and ends as a
shell would have it, 128 + N for signal N; 111 when something did not come.
"""
import os
import select
import signal
import subprocess
import sys
import time

PATIENCE = 60


def main():
    at = sys.argv.index("--")
    steps, command = sys.argv[1:at], sys.argv[at + 1:]
    for name in ("INT", "QUIT", "HUP", "TERM"):
        signal.signal(signal.Signals["SIG" + name], signal.SIG_DFL)
    while steps and steps[0].startswith("ignore:"):
        signal.signal(signal.Signals["SIG" + steps.pop(0)[7:]], signal.SIG_IGN)
    p = subprocess.Popen(command, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    came = {p.stdout.fileno(): b"", p.stderr.fileno(): b""}
    names = {"out": p.stdout.fileno(), "err": p.stderr.fileno()}
    stalled = []

    def more(seconds):
        """Reads once; False when nothing came, not even an end."""
        ready = select.select([f for f in came if f not in stalled],
                              [], [], max(seconds, 0))[0]
        for f in ready:
            data = os.read(f, 65536)
            came[f] += data
            if not data:
                stalled.append(f)
        return ready != []

    def missed(what):
        print(f"missed: {what}")
        p.kill()
        sys.exit(111)

    for step in steps:
        what, _, text = step.partition(":")
        until = time.monotonic() + PATIENCE
        if what in names:
            while text.encode() not in came[names[what]]:
                if not more(until - time.monotonic()):
                    missed(step)
        elif what == "file":
            while not os.path.exists(text):
                if time.monotonic() > until:
                    missed(step)
                time.sleep(0.02)
        elif what == "send":
            p.send_signal(signal.Signals["SIG" + text])
        elif what == "for":
            if more(float(text)) or p.poll() is not None:
                missed(step)
        elif what == "stall":
            stalled.append(names["out"])
        elif what == "stdin":
            if text:
                os.write(p.stdin.fileno(), text.encode())
            else:
                p.stdin.close()
        else:
            sys.exit(f"no such step: {step}")
    while set(came) - set(stalled):
        if not more(PATIENCE):
            missed("the end")
    status = p.wait()
    sys.stdout.buffer.write(came[names["out"]])
    sys.stdout.flush()
    sys.stderr.buffer.write(came[names["err"]])
    sys.exit(status if status >= 0 else 128 - status)


main()
