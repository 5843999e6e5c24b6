"""A mail server that can be killed: it writes down each Message-ID before it acknowledges the mail.

Usage: `python -m tests.chaos.sink PORT FILE [DRIP]`. The first process holds the port and forks the one that talks;
when that one is killed, the next takes calls at once. `DRIP`: seconds between two bytes of every answer.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import socketserver
import sys
import time
from pathlib import Path
from typing import NoReturn

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Dialogue(socketserver.StreamRequestHandler):
    """One connection; nothing is refused."""

    file: int
    drip = 0.0

    def handle(self) -> None:
        """Answer until the caller leaves."""
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    if not (more := self.rfile.readline()):
                        return
                    content += more
                found = MESSAGE_ID.search(content)
                os.write(self.file, (found[1] if found else b"?") + b"\n")  # one call: no kill tears a line
                time.sleep(0.002)  # a kill in between finds the mail received and not acknowledged
                self.say("250 OK")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 sink")

    def say(self, text: str) -> None:
        """One line, in one piece or byte by byte."""
        line = text.encode() + b"\r\n"
        if not self.drip:
            self.wfile.write(line)
            return
        for byte in line:
            self.wfile.write(bytes((byte,)))
            self.wfile.flush()
            time.sleep(self.drip)


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Takes calls at a socket that somebody else has opened."""

    daemon_threads = True

    def __init__(self, line: socket.socket) -> None:
        super().__init__(("", 0), Dialogue, bind_and_activate=False)
        self.socket.close()
        self.socket = line


def main(port: int, file: Path, drip: float) -> NoReturn:
    """Fork who talks, and again whenever it dies."""
    line = socket.create_server(("127.0.0.1", port), backlog=100)
    Dialogue.file, Dialogue.drip = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), drip
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            Server(line).serve_forever()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
