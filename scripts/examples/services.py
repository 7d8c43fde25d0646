"""The examples as processes, and an issuer whose key is ours: so a token can be hostile in one way and right in all others."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from http_calls import call, free_ports, until

WORK = os.environ["WORK"]


def express(port):
    """Where and how to start the Express example."""
    return f"{WORK}/express", ["node", "server.js"], {"PORT": str(port)}


def fastapi(port):
    """Where and how to start the FastAPI example."""
    return "examples/fastapi", [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)], {}


class Service:
    """An example that runs, for one issuer."""

    def __init__(self, kind, issuer):
        [port] = free_ports(1)
        directory, command, extra = kind(port)
        env = {**os.environ, **extra, "ISSUER": issuer, "AUDIENCE": "usher", "NO_PROXY": "*", "no_proxy": "*"}
        self.name, self.url = kind.__name__, f"http://127.0.0.1:{port}"
        self.log = open(f"{WORK}/{self.name}-{port}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, cwd=directory, env=env, stdout=self.log, stderr=subprocess.STDOUT)
        until(f"{self.name}, which says in {self.log.name} why", 60, self.answers)

    def answers(self):
        try:
            return call("GET", f"{self.url}/orders", timeout=2)[0] == 401
        except OSError:
            return False

    def get(self, path, token):
        """Status, WWW-Authenticate and Retry-After."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        status, headers, _ = call("GET", self.url + path, headers=headers)
        return status, headers.get("www-authenticate"), headers.get("retry-after")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


class Issuer:
    """Answers discovery and keys as Usher does, and signs whatever it is told to."""

    def __init__(self):
        self.keys = {}
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                documents = {
                    "/auth/.well-known/openid-configuration":
                        {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/.well-known/jwks.json"},
                    "/auth/.well-known/jwks.json": {"keys": list(map(issuer.jwk, issuer.keys))},
                }
                document = documents.get(self.path)
                self.send_response(200 if document else 404)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(document).encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/auth"
        self.add("first")

    def add(self, kid):
        """Publishes a new key."""
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwk(self, kid):
        # Without `alg`, which is optional (RFC 7517, 4.4): so that nothing is refused for the key's sake.
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[kid].public_key()))
        return {"kty": "RSA", "use": "sig", "kid": kid, "n": public["n"], "e": public["e"]}

    def claims(self):
        """As an access token of Usher's says."""
        now = int(time.time())
        return {
            "iss": self.url, "aud": "usher", "client_id": "usher", "sub": "0195518c-3c00-7e31-a1f0-5b0d6a1c2f3e",
            "exp": now + 900, "iat": now, "nbf": now - 10, "jti": "1", "sid": "2", "roles": ["admin"], "auth_time": now,
        }

    def token(self, header=(), claims=(), without=(), key=None, algorithm="RS256"):
        """A token that is as it should be, but for what is asked."""
        header = {"typ": "at+jwt", "kid": "first", **dict(header)}
        claims = {k: v for k, v in {**self.claims(), **dict(claims)}.items() if k not in without}
        return jwt.encode(claims, key or self.keys.get(header["kid"], self.keys["first"]), algorithm, headers=header)
