#!/usr/bin/env python3
"""Plays the server's side of one recording in wire/ to one TLS client.

usage: replay.py RECORDING CERT KEY PORT-FILE [SPLIT]

Where the recording has bytes of stdin or a half-close from the client, the
client must have sent the same before the server goes on.  SPLIT > 0 sends
TLS records of at most that many bytes.  Exits 0 when the client behaved as in
the recording; otherwise it says on stderr what differed.
"""
import base64
import hashlib
import json
import socket
import ssl
import struct
import sys
from urllib.parse import parse_qsl, urlsplit

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CANNOT_ASK = ("v5-no-streams", "v5-no-command", "v5-tty-resize")


class Client:
    def __init__(self, sock, split):
        self.sock, self.split, self.buf = sock, split, b""
        self.stdin, self.ended, self.opened = b"", False, []

    def send(self, data):
        step = self.split or len(data) or 1
        for at in range(0, len(data), step):
            self.sock.sendall(data[at:at + step])

    def read(self, n):
        while len(self.buf) < n:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError("client closed the connection")
            self.buf += more
        data, self.buf = self.buf[:n], self.buf[n:]
        return data

    def head(self):
        while b"\r\n\r\n" not in self.buf:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError("client closed the connection")
            self.buf += more
        head, self.buf = self.buf.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        return lines[0], {k.lower(): v.strip() for k, v in
                          (line.split(":", 1) for line in lines[1:])}

    def frame(self):
        """Takes one frame of the client; notes what it means."""
        first, second = self.read(2)
        if not second & 0x80:
            raise ValueError("client frame is not masked")
        if not first & 0x80:
            raise ValueError("client fragments its messages")
        n = second & 0x7f
        if n == 126:
            n = int.from_bytes(self.read(2), "big")
        elif n == 127:
            n = int.from_bytes(self.read(8), "big")
        mask = self.read(4)
        body = bytes(b ^ mask[i % 4] for i, b in enumerate(self.read(n)))
        if first & 0x0f == 2:
            if body == b"\xff\x00":
                self.ended = True
            elif body[:1] == b"\0" and not self.ended:
                self.stdin += body[1:]
            else:
                raise ValueError("client sent %r" % body[:20])


    def spdy_frame(self):
        """The same for SPDY: streams that are opened, stdin, its end."""
        word, rest = struct.unpack(">II", self.read(8))
        body = self.read(rest & 0xffffff)
        if word == 0x80030001:
            self.opened.append(struct.unpack(">I", body[:4])[0])
        elif word == 3 and not self.ended:
            self.stdin += body
            self.ended = bool(rest >> 24)
        else:
            raise ValueError("client sent %x %x" % (word, rest))


def payload(event):
    if "hex" in event:
        return bytes.fromhex(event["hex"])
    if event.get("channel") == 3:  # a long one is kept as text only
        return b"\x03" + event["text"].encode()
    head = bytes.fromhex(event["hex_head"])
    return head + bytes(event["length"] - len(head))


def server_frame(op, body):
    n = len(body)
    if n < 126:
        size = bytes([n])
    elif n < 65536:
        size = b"\x7e" + n.to_bytes(2, "big")
    else:
        size = b"\x7f" + n.to_bytes(8, "big")
    return bytes([0x80 | op]) + size + body


def check_request(name, event, line):
    if name in CANNOT_ASK:
        return
    want, got = urlsplit(event["path"]), urlsplit(line.split(" ")[1])
    if want.path != got.path:
        raise ValueError("asked %s, not %s" % (got.path, want.path))
    if sorted(parse_qsl(want.query)) != sorted(parse_qsl(got.query)):
        raise ValueError("asked %s, not %s" % (got.query, want.query))


def check_raw_request(line, headers, recorded):
    """Against the bytes that kubectl sent: the method, what is asked, and the
    headers that make it an upgrade."""
    lines = recorded.decode("latin-1").split("\r\n")
    check_request("", {"path": lines[0].split(" ")[1]}, line)
    if line.split(" ")[0] != lines[0].split(" ")[0]:
        raise ValueError("asked by %s" % line)
    offers = [v for k, _, v in (h.partition(": ") for h in lines)
              if k == "X-Stream-Protocol-Version"]
    if headers.get("x-stream-protocol-version") not in offers:
        raise ValueError("offered %s" % headers)
    for header in lines[1:]:
        name, _, value = header.partition(": ")
        if name in ("Upgrade", "Connection", "Content-Length") and \
                headers.get(name.lower()) != value:
            raise ValueError("sent %s, not %s" % (headers, header))


def play_spdy(client, events):
    """A recording of raw bytes; what kubectl sends bit by bit the client may
    send earlier, but not later."""
    line, headers = client.head()
    check_raw_request(line, headers, bytes.fromhex(events[0]["hex"]))
    wanted = Client(None, 0)
    for e in events[1:]:
        data = bytes.fromhex(e.get("hex", ""))
        if e["dir"] == "s>c":
            client.send(data)
            continue
        wanted.buf += data
        while wanted.buf:
            wanted.spdy_frame()
        while len(client.opened) < len(wanted.opened) or \
                len(client.stdin) < len(wanted.stdin) or \
                (wanted.ended and not client.ended):
            client.spdy_frame()
        if not client.opened[:len(wanted.opened)] == wanted.opened or \
                not client.stdin.startswith(wanted.stdin):
            raise ValueError("streams %r, stdin %r" %
                             (client.opened, client.stdin))
    if client.opened != wanted.opened or client.stdin != wanted.stdin:
        raise ValueError("streams %r, stdin %r" % (client.opened, client.stdin))


def play(client, name, events):
    if "-spdy-" in name:
        play_spdy(client, events)
        return
    line, headers = client.head()
    accept = base64.b64encode(hashlib.sha1(
        (headers.get("sec-websocket-key", "") + GUID).encode()).digest()).decode()
    want_stdin, want_end = b"", False
    for e in events:
        kind = e.get("kind", "raw")
        if e["dir"] == "c>s" and kind == "http-request":
            check_request(name, e, line)
        elif kind == "http-response":
            lines = [e["status"]] + ["%s: %s" % tuple(h) for h in e["headers"]]
            if " 101 " in e["status"]:
                lines.append("Sec-WebSocket-Accept: " + accept)
            client.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        elif kind == "http-body":
            client.send(e["text"].encode())
        elif kind == "raw" and e["dir"] == "s>c" and "hex" in e:
            data = bytes.fromhex(e["hex"])
            marker = b"Sec-WebSocket-Accept: "
            if marker in data:
                at = data.index(marker) + len(marker)
                data = data[:at] + accept.encode() + data[at + len(accept):]
            client.send(data)
        elif kind == "frame" and e["dir"] == "s>c":
            client.send(server_frame(e["opcode"], payload(e)))
        elif kind == "frame" and e["opcode"] in (1, 2):
            body = payload(e)
            if body[:1] == b"\0":
                want_stdin += body[1:]
            elif body == b"\xff\x00" and "v4" not in name:
                want_end = True
            while len(client.stdin) < len(want_stdin) or \
                    (want_end and not client.ended):
                client.frame()
            if not want_stdin.startswith(client.stdin):
                raise ValueError("client's stdin was %r" % client.stdin)


def main():
    recording, cert, key, port_file = sys.argv[1:5]
    split = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    name = recording.rsplit("/", 1)[-1].removesuffix(".jsonl")
    with open(recording, encoding="utf-8") as f:
        events = [json.loads(line) for line in f]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with open(port_file, "w", encoding="ascii") as f:
            print(listener.getsockname()[1], file=f)
        listener.settimeout(30)
        raw, _ = listener.accept()
        raw.settimeout(30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(raw, server_side=True) as sock:
            try:
                play(Client(sock, split), name, events)
                # a close with unread bytes would throw away what the
                # system has not sent yet
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):
                    pass
            except (EOFError, TimeoutError, ValueError) as e:
                sys.exit("%s: %s" % (name, e))
            except OSError:
                pass  # it left; whether rightly its exit status tells


main()
