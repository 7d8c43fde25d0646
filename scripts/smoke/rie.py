"""The release binary of `auth` inside Amazon's Runtime Interface Emulator: rie.py EMULATOR FOLDER_OF_BINARIES

Sends the sample events of events/, then events that no API Gateway would send. Each has to be answered with what the
function says, never with the runtime's own error."""

import json
import os
import socket
import subprocess
import sys
import tempfile

from http_calls import call, check, free_ports, until

emulator, folder = sys.argv[1:]
EMAIL, PASSWORD, TABLE = "admin@example.com", "correct horse battery", "smoke"


def sample(name, **changes):
    with open(f"events/{name}.json", encoding="utf-8") as file:
        return json.load(file) | changes


def sign_in(password):
    return sample("login", body=json.dumps({"email": EMAIL, "password": password}))


usher = [f"{folder}/usher", "--table", TABLE]
subprocess.run([*usher, "table", "create"], check=True, stdout=subprocess.DEVNULL)
subprocess.run([*usher, "create-admin", "--email", EMAIL, "--password-stdin"], check=True, text=True, input=PASSWORD,
               stdout=subprocess.DEVNULL)

port, runtime_port = free_ports(2)
url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
environment = {
    "PATH": os.environ["PATH"], "AWS_LAMBDA_FUNCTION_NAME": "auth", "AWS_LAMBDA_FUNCTION_TIMEOUT": "10",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769", "TABLE_NAME": TABLE,
    "APP_SECRET": "a secret of more than thirty-two characters",
    **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
}


def invoke(event):
    """The function's answer: its status, its media type and its document."""
    # The emulator calls everything text/plain.
    answer = json.loads(call("POST", url, event)[2])
    if "statusCode" not in answer:
        raise SystemExit(f"smoke: the function gave no answer of its own: {str(answer)[:500]}")
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    document = json.loads(answer["body"])
    return answer["statusCode"], headers["content-type"], document


def status_and_code(event):
    status, kind, document = invoke(event)
    if status >= 400 and (kind, document["status"]) != ("application/problem+json", status):
        raise SystemExit(f"smoke: not a problem document: {status} {kind} {document}")
    return status, document.get("code")


with tempfile.TemporaryFile() as log:
    process = subprocess.Popen(
        [emulator, "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
         "--runtime-api-address", f"127.0.0.1:{runtime_port}", f"{folder}/auth"],
        env=environment, stdout=log, stderr=subprocess.STDOUT)

    def listens():
        if process.poll() is not None:
            raise SystemExit("smoke: the emulator ended")
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", port)) == 0

    try:
        until("the emulator", 20, listens)
        check("discovery", invoke(sample("openid_configuration"))[0], 200)
        check("keys", len(invoke(sample("jwks"))[2]["keys"]), 1)
        check("register", status_and_code(sample("register")), (202, None))
        check("sign-in", status_and_code(sign_in(PASSWORD)), (200, None))
        check("sign-in with a wrong password", status_and_code(sign_in("wrong")), (401, "invalid_credentials"))
        check("no such account", status_and_code(sample("login")), (401, "invalid_credentials"))
        unreadable = (400, "invalid_request")
        hostile = sample("openid_configuration", rawQueryString="a=\u0001\"<>\t b")
        check("a query with control characters", status_and_code(hostile), unreadable)
        check("a body that is not JSON", status_and_code(sample("login", body="{")), (400, "invalid_json"))
        check("a body that is not base64", status_and_code(sample("login", body="%", isBase64Encoded=True)), unreadable)
        check("wrong types", status_and_code(sample("login", rawPath=7, headers="x", requestContext=[])), unreadable)
        check("an event without anything", status_and_code({}), unreadable)
        check("an event that is a list", status_and_code([]), unreadable)
        check("sign-in after all that", status_and_code(sign_in(PASSWORD)), (200, None))
    except BaseException:
        log.seek(0)
        print(log.read().decode(errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(10)
