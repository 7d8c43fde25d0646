"""What both smoke tests need: a port, a call, and a check that says what was wrong. Nothing but Python's own library."""

import json
import socket
import time
import urllib.error
import urllib.request

# A proxy that the environment names is for what is not on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(method, url, body=None, token=None, headers=None, timeout=60):
    """Sends a request; returns status, headers and the body, parsed if it is JSON."""
    request = urllib.request.Request(url, method=method, headers=dict(headers or {}))
    if body is not None:
        request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    try:
        answer = _opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode()
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status, answer.headers, json.loads(text) if is_json and text else text


def check(what, got, want):
    """Ends the test unless `got` is what was wanted."""
    if got != want:
        raise SystemExit(f"smoke: {what}: wanted {want!r}, got {got!r}")
    print(f"smoke: {what}: {got}", flush=True)


def until(what, seconds, attempt):
    """Calls `attempt` until it gives something, and returns that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := attempt():
            return result
        time.sleep(0.1)
    raise SystemExit(f"smoke: waited {seconds} s in vain for {what}")


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports
