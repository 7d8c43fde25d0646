"""Whether the template that docs/authorizer.md shows means what it says: reads it from standard input as SAM turned it
into CloudFormation."""

import json
import sys

resources = json.load(sys.stdin)["Resources"]
kinds = {}
for name, resource in resources.items():
    kinds.setdefault(resource["Type"], {})[name] = resource["Properties"]

(api,) = kinds["AWS::ApiGatewayV2::Api"].values()
(scheme,) = api["Body"]["components"]["securitySchemes"].values()
authorizer = scheme["x-amazon-apigateway-authorizer"]
said = {
    "type": "request",
    "identitySource": ["$request.header.Authorization"],
    "authorizerPayloadFormatVersion": "2.0",
    "enableSimpleResponses": True,
    # Answers are not kept: that is what "at once" rests on.
    "authorizerResultTtlInSeconds": 0,
}
for field, value in said.items():
    assert authorizer.get(field) == value, f"{field} is {authorizer.get(field)!r} and not {value!r}"
assert authorizer["authorizerUri"]["Fn::Sub"][1] == {"__FunctionArn__": {"Ref": "UsherAuthorizerArn"}}

for path, methods in api["Body"]["paths"].items():
    for method, operation in methods.items():
        assert operation.get("security") == [{"Usher": []}], f"{method} {path} does without the authorizer"
asked = [one for one in kinds["AWS::Lambda::Permission"].values() if one["FunctionName"] == {"Ref": "UsherAuthorizerArn"}]
assert len(asked) == 1, "API Gateway may not ask the authorizer"
