#!/usr/bin/env python3
"""An API server, without TLS, that is alive and slow to say so.

usage: latepong.py PORT-FILE [slow-disk]

It answers the client's first ping; when stdin has come it answers the second
ping, which was sent before that stdin, and then reads nothing for 75 seconds,
as a server does whose command leaves its stdin unread. Then comes Success.

With slow-disk it sends some stdout while a ping is unanswered, and two seconds
later the answer, more stdout and Success.
"""
import base64
import hashlib
import socket
import sys
import time

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PING, PONG = 9, 10


def frame(stream):
    first, second = stream.read(2)
    n = second & 0x7f
    if n == 126:
        n = int.from_bytes(stream.read(2), "big")
    elif n == 127:
        n = int.from_bytes(stream.read(8), "big")
    mask = stream.read(4)
    body = stream.read(n)
    return first & 0x0f, bytes(b ^ mask[i % 4] for i, b in enumerate(body))


def await_op(stream, op):
    while True:
        got, body = frame(stream)
        if got == op:
            return body


with socket.create_server(("127.0.0.1", 0)) as listener:
    with open(sys.argv[1], "w", encoding="ascii") as f:
        print(listener.getsockname()[1], file=f)
    sock, _ = listener.accept()
    stream = sock.makefile("rb")
    key = ""
    while (line := stream.readline().strip()):
        name, _, value = line.decode().partition(": ")
        if name.lower() == "sec-websocket-key":
            key = value
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest())
    sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                 b"Connection: Upgrade\r\n"
                 b"Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")

    def send(op, body):
        sock.sendall(bytes([0x80 | op, len(body)]) + body)

    def late_pongs():
        one = await_op(stream, PING)
        two = await_op(stream, PING)
        send(PONG, one)
        send(2, b"\x01now\n")
        await_op(stream, 2)
        await_op(stream, PING)
        send(PONG, two)
        send(PONG, b"nobody asked")
        time.sleep(75)

    def slow_disk():
        one = await_op(stream, PING)
        send(2, b"\x01first\n")
        time.sleep(2)
        send(PONG, one)
        send(2, b"\x01second\n")

    if len(sys.argv) > 2:
        slow_disk()
    else:
        late_pongs()
    send(2, b'\x03{"status":"Success"}')
    send(8, b"\x03\xe8")
    sock.shutdown(socket.SHUT_WR)
    while stream.read(65536):
        pass
