"""Prints a SAM template as CloudFormation, in JSON: transform.py TEMPLATE, with the Python that has SAM. It asks AWS nothing."""

import json
import os
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoPolicies:
    """What would look up managed policies by name; the examples name none."""

    def load(self):
        return {}


os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
with open(sys.argv[1], encoding="utf-8") as file:
    source = yaml_parse(file)
json.dump(transform(source, {}, NoPolicies()), sys.stdout, indent=1, default=str)
