"""The front door of the command line."""

import os
import subprocess
import sys


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program in a process of its own."""
    command = [sys.executable, "-c", "from studyapp.cli.main import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def test_version_is_printed() -> None:
    done = run("--version")

    assert done.returncode == 0
    assert done.stdout.startswith("studyapp 0.")


def test_an_unknown_command_is_misuse() -> None:
    done = run("flip")

    assert done.returncode == 2
    assert "flip" in done.stderr


def test_help_imports_no_screen_and_no_database() -> None:
    """Shell users feel every import; the help line of a command must not cost its implementation."""
    code = (
        "import sys; from studyapp.cli.main import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "slow = {'textual', 'rich', 'sqlalchemy', 'numpy', 'alembic'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
