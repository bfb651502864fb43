#!/usr/bin/env python3
"""Very many sessions, one after another, over all transports.

usage: manysessions.py PORT CA TOKEN COUNT

Sessions that end as they should, over SPDY and v5, with pipes and with a
terminal, those that the client leaves in the middle, those with a fault, and
watches that are left.  Exits 0 when each began, and ended if it should.
"""
import base64
import os
import sys

from spdyclient import Session
from wsclient import Client, Differs, exec_headers

PODS = "/api/v1/namespaces/default/pods"
SWITCHED = "HTTP/1.1 101 Switching Protocols"


def switch(c, first):
    if first != SWITCHED:
        raise Differs(first)
    return c


def spdy(c, port, token, pod, query):
    headers = [("Host", f"127.0.0.1:{port}"), ("Connection", "Upgrade"),
               ("Upgrade", "SPDY/3.1"), ("Authorization", f"Bearer {token}"),
               ("X-Stream-Protocol-Version", "v4.channel.k8s.io")]
    switch(c, c.request("POST", f"{PODS}/{pod}/exec?{query}", headers)[0])
    return Session(c)


def websocket(c, port, token, pod, query):
    key = base64.b64encode(os.urandom(16)).decode()
    return switch(c, c.request(
        "GET", f"{PODS}/{pod}/exec?{query}",
        exec_headers(port, token, "v5.channel.k8s.io", key))[0])


def spdy_whole(c, port, token):
    s = spdy(c, port, token, "gnu", "command=cat&stdin=1&stdout=1")
    for step in ("open:error", "open:stdin", "open:stdout", "in:hello", "fin",
                 "closed:20"):
        s.step(step)
    if s.carried.get("stdout") != b"hello" or c.ended != "orderly":
        raise Differs(f"SPDY: {s.lines}, {c.ended}")


def spdy_terminal(c, port, token):
    s = spdy(c, port, token, "gnu", "command=echo&command=hi&stdout=1&tty=1")
    for step in ("open:error", "open:stdout", "open:resize", "closed:20"):
        s.step(step)
    if s.carried.get("stdout") != b"hi\r\n":
        raise Differs(f"SPDY, terminal: {s.lines}, {c.ended}")


def spdy_left(c, port, token):
    s = spdy(c, port, token, "gnu", "command=cat&stdin=1&stdout=1")
    for step in ("open:error", "open:stdin", "open:stdout", "in:hello",
                 "wait:stdout"):
        s.step(step)


def spdy_half_open(c, port, token):
    s = spdy(c, port, token, "gnu", "command=cat&stdin=1&stdout=1")
    for step in ("open:error", "open:stdin", "in:hello", "opened"):
        s.step(step)


def spdy_fault(c, port, token):
    s = spdy(c, port, token, "fault-cut-1", "command=echo&command=hi&stdout=1")
    for step in ("open:error", "open:stdout", "closed:20"):
        s.step(step)
    if s.carried.get("stdout") != b"h" or c.ended != "cut":
        raise Differs(f"SPDY, cut: {s.lines}, {c.ended}")


def websocket_whole(c, port, token):
    websocket(c, port, token, "gnu", "command=cat&stdin=1&stdout=1")
    c.send_frame(2, b"\0hello")
    c.send_frame(2, b"\xff\0")
    got = b""
    while (frame := c.frame()) is not None:
        if frame[1] == 2 and frame[2][:1] == b"\1":
            got += frame[2][1:]
    if got != b"hello" or c.ended != "orderly":
        raise Differs(f"v5: {got}, {c.ended}")


def websocket_left(c, port, token):
    websocket(c, port, token, "gnu",
              "command=sh&command=-c&command=sleep+1000%26+sleep+1000&stdout=1")
    c.frame()


def watch_left(c, port, token):
    c.request("GET", f"{PODS}?watch=1&fieldSelector=metadata.name=gnu",
              [("Authorization", f"Bearer {token}")])
    while b'"ADDED"' not in c.got and c.more():
        pass


def main():
    port, ca, token, count = sys.argv[1:5]
    kinds = (spdy_whole, websocket_whole, spdy_left, websocket_left,
             spdy_terminal, spdy_half_open, spdy_fault, watch_left)
    try:
        for i in range(int(count)):
            c = Client(port, ca)
            kinds[i % len(kinds)](c, port, token)
            c.sock.close()
    except Differs as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()
