#!/usr/bin/env python3
"""A WebSocket client for exec that takes nothing for granted.

usage: wsclient.py replay RECORDING PORT CA TOKEN
       wsclient.py dump PORT CA TOKEN POD QUERY PROTOCOL [SENT [SECONDS]]

replay sends the client's side of a recording in wire/ to the server at
127.0.0.1:PORT, each frame when all that came before it in the recording has
come, and compares what the server says.  Exit 0: it is the same, that is:
  - an HTTP answer has the same status line, headers (Date and Audit-Id aside)
    and body, byte for byte; of a 101 Sec-WebSocket-Accept is checked too;
  - the first frame is the same;
  - each channel carries the same bytes, in frames no larger than the largest
    of the recording; how the bytes are cut into frames may differ, and so may
    the order between stdout and stderr, which are two pipes;
  - the status comes after all other data, and both texts are equal after 64
    hex digits have become "ID" and /dev/pts/N has become /dev/pts/0;
  - the close code and the end of the connection are the same;
  - where the recorder gave up, the server still takes and echoes stdin.

dump opens a session and prints what comes, a line each: the status line; then
"frame FIN OPCODE CHANNEL LENGTH", or "frame FIN OPCODE HEX" for a control
frame; in the end "text CHANNEL ..." for each channel, "rest N", the bytes of a
frame that did not come whole, and "end orderly", "end cut" (TLS said no
goodbye) or "end reset".  SENT are frames to send, OPCODE:HEX or
OPCODE:HEX*COUNT, with commas between.  With SECONDS it is over when nothing
has come for so long after the first data: "end waiting".
"""
import base64
import hashlib
import json
import os
import re
import socket
import ssl
import sys

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Differs(Exception):
    pass


class Client:
    def __init__(self, port, ca):
        context = ssl.create_default_context(cafile=ca)
        # The difference between an end and a cut is wanted.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        raw = socket.create_connection(("127.0.0.1", int(port)), timeout=20)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = context.wrap_socket(raw, server_hostname="127.0.0.1",
                                        suppress_ragged_eofs=False)
        self.got = b""
        self.ended = None

    def more(self):
        """Reads once; False at the end."""
        try:
            data = self.sock.recv(65536)
            if not data:
                self.ended = "orderly"
        except (ssl.SSLError, ConnectionResetError) as e:
            # What OpenSSL 3 says for it is no SSLEOFError to every Python.
            if type(e) is ssl.SSLError and \
                    e.reason != "UNEXPECTED_EOF_WHILE_READING":
                raise
            data = b""
            # Nor is a reset a ConnectionResetError; the kernel knows: the
            # socket is closed (7), not merely at the end of what comes (8).
            state = self.sock.getsockopt(socket.IPPROTO_TCP,
                                         socket.TCP_INFO, 1)
            self.ended = "reset" if state == b"\7" else "cut"
        self.got += data
        return bool(data)

    def take(self, n):
        while len(self.got) < n:
            if not self.more():
                return None
        data, self.got = self.got[:n], self.got[n:]
        return data

    def request(self, method, path, headers):
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{k}: {v}" for k, v in headers]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.got:
            if not self.more():
                raise Differs("the connection ended before the answer")
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        first, *rest = head.decode().split("\r\n")
        return first, [tuple(x.strip() for x in h.split(":", 1)) for h in rest]

    def send_frame(self, opcode, payload):
        mask = os.urandom(4)
        body = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        n = len(payload)
        size = bytes([0x80 | n]) if n < 126 else b"\xfe" + n.to_bytes(2, "big")
        try:
            self.sock.sendall(bytes([0x80 | opcode]) + size + mask + body)
        except OSError:
            pass

    def frame(self):
        """(fin, opcode, payload), or None at the end."""
        head = self.take(2)
        if head is None:
            return None
        n = head[1]
        if n & 0x80:
            raise Differs("a masked frame")
        if n >= 126:
            size = self.take(2 if n == 126 else 8)
            if size is None:
                return None
            n = int.from_bytes(size, "big")
        payload = self.take(n)
        if payload is None:
            return None
        return head[0] >> 7, head[0] & 15, payload


def exec_headers(port, token, protocol, key):
    h = [("Host", f"127.0.0.1:{port}"), ("Upgrade", "websocket"),
         ("Connection", "Upgrade"), ("Sec-WebSocket-Key", key),
         ("Sec-WebSocket-Version", "13")]
    if protocol is not None:
        h.append(("Sec-WebSocket-Protocol", protocol))
    return h + [("Authorization", f"Bearer {token}")]


def normal(data):
    data = re.sub(rb"[0-9a-f]{64}", b"ID", data)
    return re.sub(rb"/dev/pts/[0-9]+", b"/dev/pts/0", data)


def recorded_payload(item):
    """The bytes of a recorded frame; of a long one its head, then zeroes, or
    the text that goes with it."""
    if "hex" in item:
        return bytes.fromhex(item["hex"])
    head = bytes.fromhex(item["hex_head"])
    if "text" in item:
        data = head[:1] + item["text"].encode()
    else:
        data = head + bytes(item["length"] - len(head))
    if len(data) != item["length"] or not data.startswith(head):
        raise Differs("the recording does not hold this frame whole")
    return data


def same(what, got, want):
    if got != want:
        raise Differs(f"{what}:\n  got  {got!r}\n  want {want!r}")


class Said:
    """What a server has said, in the form in which it is compared."""

    def __init__(self):
        self.first = None
        self.channels = {}
        self.largest = 0
        self.pongs = []
        self.close = None
        self.last = None

    def add(self, opcode, payload):
        if self.close is not None:
            raise Differs("a frame after the close")
        if self.first is None:
            self.first = (opcode, payload)
        if opcode == 8:
            self.close = payload
        elif opcode == 10:
            self.pongs.append(payload)
        else:
            self.largest = max(self.largest, len(payload))
            self.last = payload[0]
            self.channels.setdefault(payload[0], b"")
            self.channels[payload[0]] += payload[1:]

    def size(self):
        data = sum(len(normal(d)) for d in self.channels.values())
        return (data, len(self.pongs), self.first is not None,
                self.close is not None)


def reached(got, want):
    return all(g >= w for g, w in zip(got.size(), want.size()))


def compare(got, want):
    same("the first frame", got.first, want.first)
    same("the channels", sorted(got.channels), sorted(want.channels))
    for ch, data in want.channels.items():
        same(f"channel {ch}", normal(got.channels[ch]), normal(data))
    same("pongs", got.pongs, want.pongs)
    same("the close frame", got.close, want.close)
    if want.close is not None:
        same("the last channel", got.last, want.last)
    if got.largest > want.largest:
        # Texts with a name of another length in it.
        if normal(b"".join(want.channels.values())) == b"".join(
                want.channels.values()):
            raise Differs(f"a frame of {got.largest} bytes")


def replay(recording, port, ca, token):
    with open(recording, encoding="utf-8") as f:
        items = [json.loads(line) for line in f]
    asked, answer, *rest = items
    protocol = dict(asked["headers"]).get("Sec-WebSocket-Protocol")
    key = base64.b64encode(os.urandom(16)).decode()
    c = Client(port, ca)
    first, headers = c.request(asked["method"], asked["path"],
                               exec_headers(port, token, protocol, key))
    same("the status line", first, answer["status"])
    accept = dict(headers).get("Sec-WebSocket-Accept")
    headers = [h for h in headers
               if h[0] not in ("Date", "Audit-Id", "Sec-WebSocket-Accept")]
    same("the headers", headers, [tuple(h) for h in answer["headers"]])
    if " 101 " not in first:
        body = rest[0]["text"].encode()
        length = dict(headers).get("Content-Length")
        if length is None:
            while c.more():
                pass
            same("the body", c.got, body)
            return
        same("the body", c.take(int(length)), body)
        return
    sha = hashlib.sha1((key + GUID).encode()).digest()
    same("Sec-WebSocket-Accept", accept, base64.b64encode(sha).decode())

    got, want = Said(), Said()

    def read_until_reached():
        while not reached(got, want):
            frame = c.frame()
            if frame is None:
                raise Differs(f"ended after {got.size()}, not {want.size()}")
            same("fin", frame[0], 1)
            got.add(frame[1], frame[2])

    for item in rest:
        if item["kind"] == "frame" and item["dir"] == "s>c":
            want.add(item["opcode"], recorded_payload(item))
        elif item["kind"] == "frame":
            read_until_reached()
            c.send_frame(item["opcode"], recorded_payload(item))
        elif item["kind"] == "recorder-gave-up":
            read_until_reached()
            c.send_frame(2, b"\0again\n")
            want.add(2, b"\1again\n")
            read_until_reached()
            compare(got, want)
        elif item["kind"] == "eof":
            read_until_reached()
            compare(got, want)
            if c.frame() is not None:
                raise Differs("more after the end")
            same("the end", c.ended, "orderly")


def dump(port, ca, token, pod, query, protocol, sent="", seconds=None):
    c = Client(port, ca)
    key = base64.b64encode(os.urandom(16)).decode()
    first, headers = c.request(
        "GET", f"/api/v1/namespaces/default/pods/{pod}/exec?{query}",
        exec_headers(port, token, protocol, key))
    print(first)
    if " 101 " not in first:
        print(c.take(int(dict(headers)["Content-Length"])).decode(), end="")
        return
    sha = hashlib.sha1((key + GUID).encode()).digest()
    if dict(headers)["Sec-WebSocket-Accept"] != base64.b64encode(sha).decode():
        print("accept is wrong")
        return
    for one in filter(None, sent.split(",")):
        opcode, payload = one.split(":")
        payload, _, count = payload.partition("*")
        for _ in range(int(count or 1)):
            c.send_frame(int(opcode), bytes.fromhex(payload))
    channels, last = {}, None
    while True:
        if seconds is not None and any(channels.values()):
            c.sock.settimeout(float(seconds))
        try:
            frame = c.frame()
        except TimeoutError:
            c.ended = "waiting"
            break
        if frame is None:
            break
        fin, opcode, payload = frame
        if opcode >= 8:
            print("frame", fin, opcode, payload.hex())
            continue
        if opcode and payload:
            last, payload = payload[0], payload[1:]
        elif opcode:
            last = "?"
        elif last == "?" and payload:
            last, payload = payload[0], payload[1:]
        print("frame", fin, opcode, last, len(payload))
        channels[last] = channels.get(last, b"") + payload
    for ch, data in sorted(channels.items()):
        print("text", ch, json.dumps(data[:300].decode(errors="replace")))
    print("rest", len(c.got))
    print("end", c.ended)


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in ("replay", "dump"):
        sys.exit(__doc__)
    try:
        (replay if sys.argv[1] == "replay" else dump)(*sys.argv[2:])
    except Differs as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()
