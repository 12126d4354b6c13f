"""Random policy files: through `due` against the walked minutes; with a fault, refused with its path.

The whole of it (10,000 cases) is `python -m bench.random_policies`; a slice is tried here.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plans.models import Edition, Policy
from tests.terms.asking import differences, expectations, faults, written
from tests.terms.faults import faulty
from tests.terms.generator import made

ROOT = Path(__file__).resolve().parents[2]
FILES, CASES, FAULTS, GROUPS = 24, 28, 120, 8


@pytest.mark.parametrize("group", range(GROUPS))
def test_due_answers_as_the_walked_minutes(group: int) -> None:
    asked = [differences(f"suite {number}", CASES) for number in range(group, FILES, GROUPS)]
    assert [line for _, found in asked for line in found] == []
    assert sum(count for count, _ in asked) > CASES * FILES / GROUPS * 0.9


def test_the_same_seed_draws_the_same() -> None:
    assert made("suite 0") == made("suite 0")
    assert made("suite 0").text != made("suite 1").text


def test_a_wrong_answer_is_noticed() -> None:
    """The comparison itself: a second, a row or a reason that is wrong does not pass."""
    paper, expected = expectations(made("suite 0"), CASES)
    noticed = 0
    for case, coverage, due in expected:
        if not isinstance(due, str) and due is not None and coverage not in (None, "zone"):
            wrong = {**case, "due_at": case["at"], "counted": [], "skipped": [], "counted_seconds": -1}
            right_due = wrong | {"due_at": written(due), "counted_seconds": 0}
            assert faults(paper, case, coverage, due, wrong)
            assert faults(paper, case, coverage, due, right_due)
            assert faults(paper, case, coverage, due, {"error": "no"})
            noticed += 1
    assert noticed > CASES / 2


def test_the_command_itself_in_a_process_of_its_own(tmp_path: Path) -> None:
    policy = made("process")
    paper, expected = expectations(policy, 60)
    file = tmp_path / "policy.yaml"
    file.write_text(policy.text)
    done = subprocess.run(
        [sys.executable, "manage.py", "due", "--file", str(file)],
        input="".join(json.dumps(case) + "\n" for case, _, _ in expected),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(expected)
    for (case, coverage, due), answer in zip(expected, answers, strict=True):
        assert faults(paper, case, coverage, due, answer) == []


@pytest.mark.django_db
@pytest.mark.parametrize("group", range(GROUPS))
def test_a_file_with_a_fault_is_refused_with_its_path(tmp_path: Path, group: int) -> None:
    before = Policy.objects.count(), Edition.objects.count()
    for number in range(group, FAULTS, GROUPS):
        bad = faulty(f"fault {number}")
        file = tmp_path / "bad.yaml"
        file.write_bytes(bad.text)
        out = io.StringIO()
        verb = ("check", "import", "preview")[number // GROUPS % 3]
        with pytest.raises(CommandError) as refused:
            call_command("policy", verb, str(file), stdout=out)
        said = out.getvalue() + str(refused.value)
        assert refused.value.returncode == 1
        if bad.path:
            assert any(line.startswith(bad.path) for line in said.splitlines()), (number, bad.path, said)
        else:
            assert "line" in said or "UTF-8" in said or "twice" in said or "itself" in said, (number, said)
        assert "Traceback" not in said
        assert "Error(" not in said
    assert (Policy.objects.count(), Edition.objects.count()) == before


def test_a_faulty_file_ends_the_process_with_1_and_words(tmp_path: Path) -> None:
    bad = next(bad for bad in map(faulty, map(str, range(20))) if bad.path)
    file = tmp_path / "bad.yaml"
    file.write_bytes(bad.text)
    for arguments in (["policy", "check", str(file)], ["due", "--file", str(file)]):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], input="", capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 1
        assert bad.path in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
