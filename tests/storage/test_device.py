"""The id of a machine on a disk that takes nothing more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that limits files")
def test_on_a_full_disk_making_an_id_ends_and_leaves_no_torn_file(tmp_path: Path) -> None:
    """An empty file in the id's place would be thrown away and made anew, for ever."""
    code = "import sys, pathlib as p; from studyapp.storage.device import device_id; device_id(p.Path(sys.argv[1]))"
    line = 'ulimit -f 0; exec "$0" -c "$1" "$2"'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert "OSError" in done.stderr
    assert list(tmp_path.iterdir()) == []
