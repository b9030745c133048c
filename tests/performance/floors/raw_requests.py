"""Nothing but the requests: `raw_requests.py URL MODEL COUNT [print]`, one client, one after the other."""

from __future__ import annotations

import json
import sys

import httpx

url, model, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
shown = len(sys.argv) > 4
with httpx.Client(trust_env=False) as client:
    for _ in range(count):
        body = {"model": model, "messages": []}
        with client.stream("POST", f"{url}/chat/completions", json=body, timeout=60) as response:
            for line in response.iter_lines():
                if shown and line.startswith('data: {"id"'):
                    delta = json.loads(line[6:])["choices"][0]["delta"]
                    sys.stdout.write(delta.get("content", ""))
sys.stdout.flush()
