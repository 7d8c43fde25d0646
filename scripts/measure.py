"""A Lambda Runtime API in which the scripts beside this one start a release binary and sign in. What `make bench` measures it
measures with its own."""

import contextlib
import http.server
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

EMAIL, PASSWORD = "admin@example.com", "correct horse battery"


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Hands out events one at a time and keeps the answers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.polled = threading.Event()
        self.polled_at = 0
        self.events, self.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A function that was ended has let go of its connection."""

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two would meet a delayed acknowledgement of 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        self.server.polled_at = self.server.polled_at or time.perf_counter()
        self.server.polled.set()
        body = json.dumps(self.server.events.get()).encode()
        self.answer(200, body, {
            "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 10_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:auth",
        })

    def do_POST(self):
        self.server.answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(202, b"", {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def environment(api):
    return {
        "AWS_LAMBDA_RUNTIME_API": api.address, "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_ENDPOINT_URL_DYNAMODB": os.environ["AWS_ENDPOINT_URL_DYNAMODB"],
        "TABLE_NAME": "measured", "APP_SECRET": "a secret of more than thirty-two characters",
        # So many wrong passwords from one address would be refused.
        "LOGIN_FAILURES": "off", "SOURCE_LIMIT": "off",
        "MAIL_FROM": "no-reply@example.com", "FRONTEND_URL": "https://app.example.com",
        "AWS_LAMBDA_LOG_LEVEL": "error",
    }


@contextlib.contextmanager
def copies(folder, names):
    """The binaries in a known state of the page cache (bench/src/copies.rs says why), in a folder beside theirs."""
    with tempfile.TemporaryDirectory(dir=Path(folder).parent) as found:
        for name in names:
            copy(Path(folder, name), Path(found, name))
        yield found


def copy(one, other):
    other.write_bytes(one.read_bytes())
    shutil.copymode(one, other)


def start(folder, name):
    api = RuntimeApi()
    started = time.perf_counter()
    process = subprocess.Popen([f"{folder}/{name}"], env=environment(api), stdout=subprocess.DEVNULL)
    if not api.polled.wait(10):
        raise SystemExit(f"measure: {name} never polled")
    return api, process, (api.polled_at - started) * 1000


def sign_in(api, email, password, status):
    """Signs in; returns how long the answer took, in milliseconds."""
    with open("events/login.json", encoding="utf-8") as file:
        event = json.load(file)
    event["body"] = json.dumps({"email": email, "password": password})
    started = time.perf_counter()
    api.events.put(event)
    answer = api.answers.get(timeout=20)
    if answer["statusCode"] != status:
        raise SystemExit(f"measure: a sign-in was answered {answer}")
    return (time.perf_counter() - started) * 1000
