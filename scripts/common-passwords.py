#!/usr/bin/env python3
"""Makes shared/src/password/common.txt anew: the common passwords that Django carries
(BSD licence; collected by Royce Williams), those of at least 8 characters, sorted.

    python3 -m pip download --no-deps --dest /tmp/django django==5.2.19
    python3 scripts/common-passwords.py /tmp/django/*.whl
"""

import gzip
import pathlib
import sys
import zipfile

LIST = "django/contrib/auth/common-passwords.txt.gz"

with zipfile.ZipFile(sys.argv[1]) as wheel:
    words = gzip.decompress(wheel.read(LIST)).decode().split("\n")
words = sorted({word for word in words if len(word) >= 8}, key=lambda word: word.encode())
target = pathlib.Path(__file__).parent.parent / "shared/src/password/common.txt"
target.write_text("\n".join(words) + "\n")
print(f"{len(words)} passwords")
