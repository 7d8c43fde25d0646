"""An API of your own behind Usher's sign-in: FastAPI and PyJWT. What is checked and why: docs/verify-tokens.md.

    ISSUER=https://<Usher's address>/auth AUDIENCE=usher uvicorn main:app --port 3002
"""

import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request

ISSUER, AUDIENCE = os.environ["ISSUER"], os.environ["AUDIENCE"]

# Read when it is first needed, kept for 5 minutes. An unknown key id reads it again, at most once in 10 seconds.
keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", lifespan=300, cooldown_duration=10, timeout=3)
app = FastAPI()


def refused(status, error=None):
    # RFC 6750, section 3: a request without a token gets no error code.
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    return HTTPException(status, error or "unauthenticated", {"WWW-Authenticate": challenge})


# Not async: FastAPI runs it in a thread, so that reading the keys holds up nobody else.
def claims(request: Request):
    """What a good token says."""
    headers = request.headers.getlist("authorization")
    scheme, _, token = (headers[0] if len(headers) == 1 else "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refused(401)
    token = token.strip()
    try:
        header = jwt.get_unverified_header(token)
        # PyJWT leaves the type to its callers (RFC 9068, section 4).
        if str(header.get("typ")).lower() not in ("at+jwt", "application/at+jwt"):
            raise refused(401, "invalid_token")
        return jwt.decode(
            token,
            keys.get_signing_key(header.get("kid")),
            algorithms=["RS256"],
            issuer=ISSUER,
            audience=AUDIENCE,
            leeway=10,
            options={"require": ["iss", "aud", "sub", "exp", "iat", "nbf"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        # Our trouble with the keys says nothing of the token.
        raise HTTPException(503, "keys_unavailable", {"Retry-After": "5"}) from error
    except jwt.PyJWTError as error:
        raise refused(401, "invalid_token") from error


Claims = Annotated[dict, Depends(claims)]


def admin(claims: Claims):
    roles = claims.get("roles")
    if not isinstance(roles, list) or "admin" not in roles:
        raise refused(403, "insufficient_scope")
    return claims


@app.get("/orders")
def orders(claims: Claims):
    return {"owner": claims["sub"], "orders": []}


@app.get("/admin/report")
def report(claims: Annotated[dict, Depends(admin)]):
    return {"reader": claims["sub"], "orders": 0}
