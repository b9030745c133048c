"""The program that lets a confined command reach the proxy: `listener SOCKET COMMAND…`.

It listens inside the sandbox, hands the listening socket out through `SOCKET`, and becomes the command.
Whoever of the command's processes keeps `SOCKET` open keeps the proxy listening.
"""

from __future__ import annotations

import os
import socket
import sys


def main() -> None:
    """Listen, hand out, and run the command in this process's place."""
    handed = socket.socket(fileno=int(sys.argv[1]))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.send_fds(handed, [b"+"], [listening.fileno()])
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    os.close(int(sys.argv[0].rpartition("/")[2]))  # this script
    handed.set_inheritable(True)
    handed.detach()
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ[name] = os.environ[name.upper()] = address
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1,::1"
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
