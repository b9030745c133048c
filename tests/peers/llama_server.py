"""Serves a GGUF by llama.cpp on a free loopback port until stdin closes; prints its address.

Usage: python llama_server.py MODEL.gguf
"""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> None:
    """Start the server and wait for the end of stdin."""
    # It has no type information, so it is not imported by name.
    xllamacpp = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 16_384
    params.n_parallel = 1
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = 1
    params.use_jinja = True
    params.warmup = False
    params.offline = True
    params.verbosity = 0
    params.sampling.temp = 0.0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
