"""API Gateway's JWT authorizer as the API Gateway Developer Guide describes it ("Control access to HTTP APIs with JWT
authorizers", the workflow in its steps), before the function of the SAM example. The real one cannot run here."""

import json
import time

import jwt
from http_calls import call


class Refused(Exception):
    """API Gateway answers 401 itself."""


class Gateway:
    """The example's template, as CloudFormation gets it, for one issuer."""

    def __init__(self, template, issuer):
        values = {"UsherIssuer": issuer, "UsherAudience": template["Parameters"]["UsherAudience"]["Default"]}
        resolve = lambda value: values[value["Ref"]] if isinstance(value, dict) else value
        resources = template["Resources"]
        [body] = [r["Properties"]["Body"] for r in resources.values() if r["Type"] == "AWS::ApiGatewayV2::Api"]
        [[name, scheme]] = body["components"]["securitySchemes"].items()
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        if authorizer["type"] != "jwt" or authorizer["identitySource"] != "$request.header.Authorization":
            raise SystemExit(f"examples: this is no JWT authorizer of the Authorization header: {authorizer}")
        configuration = authorizer["jwtConfiguration"]
        self.name, self.issuer = "sam-jwt-authorizer", resolve(configuration["issuer"])
        self.audiences = list(map(resolve, configuration["audience"]))
        self.routes = {
            f"{method.upper()} {path}" for path, methods in body["paths"].items() for method, operation in methods.items()
            if operation["security"] == [{name: []}]
        }
        [code] = [r["Properties"]["Code"]["ZipFile"] for r in resources.values() if r["Type"] == "AWS::Lambda::Function"]
        space = {}
        exec(compile(code, "InlineCode", "exec"), space)
        self.handler = space["handler"]

    def get(self, path, token):
        """Status, WWW-Authenticate and Retry-After."""
        if f"GET {path}" not in self.routes:
            raise SystemExit(f"examples: GET {path} is not behind the authorizer")
        try:
            claims = self.claims(token)
        except (Refused, jwt.PyJWTError):
            return 401, "of API Gateway's own", None
        answer = self.handler({
            "version": "2.0", "routeKey": f"GET {path}", "headers": {"authorization": f"Bearer {token}"},
            "requestContext": {"authorizer": {"jwt": {"claims": claims, "scopes": None}}},
        }, None)
        json.loads(answer["body"])
        return answer["statusCode"], answer["headers"].get("www-authenticate"), None

    def claims(self, token):
        """The claims of a token that API Gateway lets through, as the function gets them."""
        # 1 and 2: a token at the identity source, decoded.
        if token is None:
            raise Refused
        header = jwt.get_unverified_header(token)
        # 3: the algorithm, and the signature by the key from the issuer's jwks_uri.
        status, _, discovery = call("GET", f"{self.issuer}/.well-known/openid-configuration")
        if status != 200 or discovery["issuer"] != self.issuer:
            raise SystemExit(f"examples: API Gateway would not take this discovery document: {status} {discovery}")
        keys = jwt.PyJWKSet.from_dict(call("GET", discovery["jwks_uri"])[2]).keys
        [key] = [key for key in keys if key.key_id == header.get("kid")] or [None]
        if key is None or header["alg"] not in ("RS256", "RS384", "RS512"):
            raise Refused
        off = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub"), False)
        claims = jwt.decode(token, key, algorithms=[header["alg"]], options=off)
        # 4: the claims. aud goes before client_id; the times are compared without leeway.
        now, named = time.time(), claims.get("aud", claims.get("client_id"))
        good = (
            claims.get("iss") == self.issuer
            and any(name in self.audiences for name in (named if isinstance(named, list) else [named]))
            and claims.get("exp", 0) > now
            and claims.get("nbf", 0) <= now
            and claims.get("iat", 0) <= now
        )
        if not good:
            raise Refused
        # A list becomes a text.
        return {k: f"[{' '.join(map(str, v))}]" if isinstance(v, list) else str(v) for k, v in claims.items()}
