"""Tries the examples of docs/verify-tokens.md with good and hostile tokens: of the local run, and of an issuer whose key is
ours. With WORK, USHER_API and what scripts/examples.sh has put there."""

import base64
import hashlib
import hmac
import json
import os
import re
import time

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gateway import Gateway
from http_calls import call, until
from people import sign_in
from services import WORK, Issuer, Service, express, fastapi

api = os.environ["USHER_API"]
BAD = 'Bearer error="invalid_token"'
tried = 0


def expect(service, what, path, token, status, challenge=None):
    """Ends the test unless the example answers as it should."""
    global tried
    got = service.get(path, token)[:2]
    # What API Gateway refuses, it refuses in words of its own.
    if got[1] == "of API Gateway's own":
        got = (got[0], challenge)
    if got != (status, challenge):
        raise SystemExit(f"examples: {service.name}: {what}: wanted {(status, challenge)}, got {got}")
    tried += 1


def text(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def forged(token, algorithm, sign, **header):
    """The token's claims under a header and a signature of somebody else's."""
    head = {**jwt.get_unverified_header(token), "alg": algorithm, **header}
    message = f"{text(json.dumps(head).encode())}.{token.split('.')[1]}"
    return f"{message}.{sign(message.encode())}"


def hmac_with(secret):
    return lambda message: text(hmac.new(secret, message, hashlib.sha256).digest())


def forgeries(token, keys_url):
    """What can be made of a good token without the private key."""
    kid = jwt.get_unverified_header(token)["kid"]
    [jwk] = [key for key in call("GET", keys_url)[2]["keys"] if key["kid"] == kid]
    public = jwt.PyJWK(jwk).key
    pems = [public.public_bytes(Encoding.PEM, form) for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)]
    head, claims, signature = token.split(".")
    flipped = signature[:100] + ("A" if signature[100] != "A" else "B") + signature[101:]
    raised = {**jwt.decode(token, options={"verify_signature": False}), "roles": ["admin"]}
    mine = Issuer()
    return {
        "garbage": "garbage",
        "an empty signature": f"{head}.{claims}.",
        "a flipped signature": f"{head}.{claims}.{flipped}",
        "another role under the old signature": f"{head}.{text(json.dumps(raised).encode())}.{signature}",
        "alg none": forged(token, "none", lambda _: ""),
        "alg None": forged(token, "None", lambda _: signature),
        "HS256 with the public key": forged(token, "HS256", hmac_with(pems[0])),
        "HS256 with the public key, PKCS 1": forged(token, "HS256", hmac_with(pems[1])),
        "a key that came with it": mine.token({"kid": kid, "jwk": mine.jwk("first")}, raised),
        "a key of somebody else's address": mine.token({"kid": kid, "jku": f"{mine.url}/.well-known/jwks.json"}, raised),
        "an unknown key id": mine.token({"kid": "first"}, raised),
    }


def of_the_local_run(services, people):
    """With real tokens: good ones, forgeries of them, one that has expired."""
    user, admin = (sign_in(*people["people"][who])["access_token"] for who in ("user", "admin"))
    fakes = forgeries(user, f"{api}/auth/.well-known/jwks.json")
    for service in services:
        expect(service, "no token", "/orders", None, 401, "Bearer")
        expect(service, "a user", "/orders", user, 200)
        expect(service, "a user where admins are", "/admin/report", user, 403, 'Bearer error="insufficient_scope"')
        expect(service, "an admin", "/admin/report", admin, 200)
        for what, token in fakes.items():
            expect(service, what, "/orders", token, 401, BAD)
    # An hour counts from when it was signed, and both examples allow for 10 s of difference between clocks.
    time.sleep(max(0, people["expired_at"] + 11 - time.time()))
    for service in services:
        expect(service, "an expired token", "/orders", people["first"], 401, BAD)
    # What docs/verify-tokens.md says of deactivation: Usher refuses at once, the others when the token has expired.
    answer = sign_in(*people["people"]["user"])
    admin = sign_in(*people["people"]["admin"])["access_token"]
    call("PUT", f"{api}/admin/users/{answer['user']['id']}/deactivate", token=admin)
    if call("GET", f"{api}/users/me", token=answer["access_token"])[0] != 401:
        raise SystemExit("examples: Usher does not see a deactivation at once")
    for service in services:
        expect(service, "a deactivated user's token", "/orders", answer["access_token"], 200)


def of_our_issuer(services, issuer):
    """With tokens whose signature is good: each is wrong in one way."""
    now = int(time.time())
    hostile = {
        "typ JWT": issuer.token({"typ": "JWT"}),
        "no typ": issuer.token({"typ": None}),
        "another audience": issuer.token(claims={"aud": "billing"}),
        "another issuer": issuer.token(claims={"iss": f"{issuer.url}/"}),
        "expired": issuer.token(claims={"exp": now - 30}),
        "not yet good": issuer.token(claims={"nbf": now + 60}),
        "no iss": issuer.token(without=["iss"]),
        "no exp": issuer.token(without=["exp"]),
    }
    # API Gateway does not ask for these.
    stricter = {
        "no aud": issuer.token(without=["aud"]),
        "no sub": issuer.token(without=["sub"]),
        "no nbf": issuer.token(without=["nbf"]),
        "RS512": issuer.token(algorithm="RS512"),
        "an unknown critical header": issuer.token({"crit": ["exp"], "exp": 1}),
    }
    for service in services:
        expect(service, "a good token", "/admin/report", issuer.token(), 200)
        expect(service, "no roles", "/admin/report", issuer.token(without=["roles"]), 403, 'Bearer error="insufficient_scope"')
        for what, token in (hostile if isinstance(service, Gateway) else hostile | stricter).items():
            expect(service, what, "/orders", token, 401, BAD)
    issuer.add("second")
    for service in services:
        token = issuer.token({"kid": "second"})
        until(f"{service.name} to read a new key", 20, lambda: service.get("/orders", token)[0] == 200)


def without_keys(kinds):
    """Whoever cannot read the keys does not know, and says so."""
    token = Issuer().token()
    for kind in kinds:
        service = Service(kind, "http://127.0.0.1:9/auth")
        got = service.get("/orders", token)
        if got != (503, None, "5"):
            raise SystemExit(f"examples: {service.name}: keys that cannot be read: got {got}")
        service.stop()


def main():
    """All examples, for both issuers."""
    with open(f"{WORK}/sam.json", encoding="utf-8") as file:
        template = json.load(file)
    with open(f"{WORK}/people.json", encoding="utf-8") as file:
        people = json.load(file)
    pattern = template["Parameters"]["UsherIssuer"]["AllowedPattern"]
    for issuer, is_good in {"https://id.example.com/auth": True, "https://id.example.com/auth/": False,
                            "https://id.example.com": False, "http://id.example.com/auth": False}.items():
        if bool(re.search(pattern, issuer)) != is_good:
            raise SystemExit(f"examples: UsherIssuer and {issuer}: wanted {is_good}")
    ours = Issuer()
    for issuer, scene in (f"{api}/auth", lambda all: of_the_local_run(all, people)), (ours.url, lambda all: of_our_issuer(all, ours)):
        running = [Service(express, issuer), Service(fastapi, issuer)]
        try:
            scene([*running, Gateway(template, issuer)])
        finally:
            for service in running:
                service.stop()
    without_keys([express, fastapi])
    print(f"examples: the three examples answered {tried} tokens as they should")


if __name__ == "__main__":
    main()
