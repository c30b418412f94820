"""A certificate that a test makes for itself, for 'localhost' and nobody else."""

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    file: Path
    key: Path

    @classmethod
    def made_in(cls, folder: Path) -> Self:
        if shutil.which("openssl") is None:
            pytest.skip("certificates are made by openssl, which is not here")
        made = cls(file=folder / "certificate.pem", key=folder / "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", str(made.key), "-out", str(made.file)],
            check=True, capture_output=True,
        )  # fmt: skip
        return made

    def served(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))
