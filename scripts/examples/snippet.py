"""Prints a SAM template around the resources that a document shows in its first block of YAML: snippet.py DOCUMENT.

What the block refers to and does not bring becomes a parameter; a function behind each HTTP API in it makes a whole of it."""

import re
import sys


def block(text):
    """The first block of YAML."""
    found = re.search(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return found.group(1) if found else sys.exit("snippet: there is no block of YAML")


def template(resources):
    """A template with these resources."""
    made = re.findall(r"^(\w+):$", resources, re.MULTILINE)
    apis = re.findall(r"^(\w+):\n  Type: AWS::Serverless::HttpApi$", resources, re.MULTILINE)
    wanted = sorted(set(re.findall(r"!Ref (\w+)", resources)) - set(made))
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Parameters:"]
    for name in wanted:
        lines += [f"  {name}:", "    Type: String"]
    lines += ["Resources:", *("  " + line if line else "" for line in resources.splitlines())]
    for name in apis:
        lines += [
            f"  {name}Function:",
            "    Type: AWS::Serverless::Function",
            "    Properties:",
            "      Runtime: python3.13",
            "      Handler: index.handler",
            "      InlineCode: 'def handler(event, context): return {}'",
            "      Events:",
            f"        Any: {{ Type: HttpApi, Properties: {{ ApiId: !Ref {name}, Method: GET, Path: /orders }} }}",
        ]
    return "\n".join(lines) + "\n"


with open(sys.argv[1], encoding="utf-8") as file:
    print(template(block(file.read())), end="")
