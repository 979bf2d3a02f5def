"""Where numbers come from: revision, inputs, and who chose the time step."""

import hashlib
import subprocess

import rollkit
from rollkit.provenance import environment, fingerprints


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    answer = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def test_the_revision_is_that_of_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert environment(None)["git_revision"] is None
    git(tmp_path, "init", "-q")
    assert environment(None)["git_revision"] is None, "no commit yet"
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    assert environment(None)["git_revision"] == git(tmp_path, "rev-parse", "HEAD")


def test_inputs_are_fingerprinted_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"t,x,y\n")
    (found,) = fingerprints([path, path])
    assert found["bytes"] == 6
    assert found["sha256"] == hashlib.sha256(b"t,x,y\n").hexdigest()


def test_who_chose_the_time_step(tmp_path):
    log = tmp_path / "drive.csv"
    log.write_text("t,x,y\n" + "".join(f"{i / 10},{i},0\n" for i in range(40)))
    generated = rollkit.run("left").provenance["time"]
    assert generated["dt"] == 0.1
    assert generated["steps"] == 64
    assert generated["origin"] == "the run's, 0.1 s unless the caller says otherwise"
    of_the_log = rollkit.run("recorded", params={"path": log}).provenance["time"]
    assert "the median step of 40 instants (column t of drive.csv)" in of_the_log["origin"]
    given = rollkit.run("recorded", params={"path": log}, dt=0.2).provenance["time"]
    assert (given["dt"], given["origin"]) == (0.2, "given by the caller")


def test_the_call_is_recorded_as_it_was_parsed(cli):
    assert cli("run", "--seed", "7").artifact["provenance"]["argv"] == ["run", "--seed", "7"]
    assert rollkit.run("left").provenance["argv"] is None
