"""What the documents say of the command is so: every command line parses, shown output is printed, the interface holds.

The commands of README and tutorial are executed as they stand in tests/e2e/test_documents.py.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

from twin.cli import main as entry
from twin.cli.shown_output import excerpts, measured_again, words_of
from twin.domain.errors import SpecError
from twin.events import parquet
from twin.events.run_folder import TABLES
from twin.policies.dispatch import DISPATCH
from twin.policies.named import FAMILIES
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
INTERFACE = (DOCS / "interface.md").read_text(encoding="utf-8")
SLOW = ("twin demo", " -n ", "twin stress")


def indented_blocks(text: str) -> list[str]:
    """Code blocks, with the indentation taken away; two that nothing but blank lines part are one."""
    found = re.findall(r"(?:^|\n\n)((?: {4}[^\n]*\n|\n)+)", text + "\n")
    return [re.sub(r"(?m)^ {4}", "", block).strip("\n") + "\n" for block in found if block.strip()]


def command_lines(text: str) -> list[str]:
    """Lines of code that begin with `twin`, without what is said about them."""
    lines = re.findall(r"(?m)^ {4,}(?:\.venv/bin/)?(twin .*)$", text)
    return [re.split(r"\s{2,}|\s+#", line)[0] for line in lines]


def run_twin(command: str, cwd: Path) -> tuple[int, str]:
    """Exit code and all that is printed, run in this process."""
    said = io.StringIO()
    before, was = sys.argv, Path.cwd()
    sys.argv = shlex.split(command)
    os.chdir(cwd)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            entry.main()
    except SystemExit as left:
        return int(left.code or 0), said.getvalue()
    finally:
        sys.argv = before
        os.chdir(was)
    return 0, said.getvalue()


class TestEveryCommandLine:
    """Each page's commands are taken by the real parser; what they would do is left out."""

    @pytest.fixture
    def parsed_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from twin.cli import (
            bench_command,
            check_command,
            compare_command,
            decision_commands,
            demo_command,
            diff_command,
            doctor_command,
            explain_command,
            gate_command,
            layout_command,
            planning_command,
            policy_bench_command,
            policy_commands,
            route_command,
            run_command,
            search_command,
            study_command,
            train_command,
            verify_command,
            view_bench_command,
            view_command,
        )

        rooms = (
            bench_command, check_command, demo_command, doctor_command, layout_command, run_command, verify_command,
            decision_commands, policy_bench_command, policy_commands, route_command, explain_command, diff_command,
            compare_command, gate_command, planning_command, search_command, study_command, train_command,
            view_bench_command, view_command,
        )  # fmt: skip
        for module in rooms:
            for name in [n for n in vars(module) if n.endswith("_command")]:
                monkeypatch.setattr(module, name, lambda *_, **__: 0)

    @pytest.mark.usefixtures("parsed_only")
    @pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
    def test_parses(self, page: Path, tmp_path: Path) -> None:
        for command in command_lines(page.read_text(encoding="utf-8")):
            code, said = run_twin(command, tmp_path)
            assert code == 0, f"{command}: {said}"

    @pytest.mark.usefixtures("parsed_only")
    def test_a_wrong_option_would_be_found(self, tmp_path: Path) -> None:
        assert command_lines("Try\n\n    twin run quickstart --sed 3   # other seed\n") == [
            "twin run quickstart --sed 3"
        ]
        assert run_twin("twin run quickstart --sed 3", tmp_path)[0] == 2


def shown() -> Iterator[Any]:
    """(command, its lines as shown) for each excerpt that names its command."""
    for page in PAGES:
        for command, lines in excerpts(page.read_text(encoding="utf-8")):
            marks = [pytest.mark.slow] if any(word in f"{command} " for word in SLOW) else []
            yield pytest.param(command, lines, id=f"{page.name}: {command}", marks=marks)


@cache
def printed(command: str, folder: Path) -> set[str]:
    """The words of the lines that a command prints, computed once."""
    code, said = run_twin(command, folder)
    assert code == 0, said
    return {words_of(line) for line in said.splitlines()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in, one for all."""
    return tmp_path_factory.mktemp("reader")


@pytest.mark.parametrize(("command", "lines"), list(shown()))
def test_what_is_shown_is_what_is_printed(command: str, lines: list[str], place: Path) -> None:
    lost = [line for line in lines if words_of(line) not in printed(command, place)]
    assert not lost, "run: python -m twin.cli.shown_output"


def test_measuring_again_replaces_a_line_by_its_first_word() -> None:
    page = "Before\n\n<!-- printed by: twin x -->\n\n    │ a │ 1 │\n    b  2\n\n    c 3\n"
    now = "│ a │ 9 │\nb  2\nc 4\n"
    again = measured_again(page, {"twin x": now}.__getitem__)
    assert again == page.replace("│ a │ 1 │", "│ a │ 9 │")
    with pytest.raises(SpecError, match="begins as: b 2"):
        measured_again(page, {"twin x": "a 1\n"}.__getitem__)


def test_the_lines_of_python_print_what_is_shown(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed("twin run quickstart --out runs/first", place)
    monkeypatch.chdir(place)
    blocks = indented_blocks((DOCS / "tutorial.md").read_text(encoding="utf-8"))
    checked = 0
    for code, block in pairwise(blocks):
        if code.startswith("import "):
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(code, {})
            now = {words_of(line) for line in said.getvalue().splitlines()}
            assert not [line for line in block.splitlines() if words_of(line) not in now]
            checked += 1
    assert checked == 2


@pytest.mark.parametrize("page", ["interface.md", "scenario-files.md"])
def test_the_lines_of_python_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for code in indented_blocks((DOCS / page).read_text(encoding="utf-8")):
        if code.startswith(("import ", "from ")):
            exec(code, {})


@pytest.mark.parametrize("page", sorted((DOCS / "policies").glob("*.md")), ids=lambda p: p.stem)
def test_the_worked_cases_of_the_policies_hold(page: Path) -> None:
    cases = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert cases or page.stem == "index"
    for case in cases:
        assert "assert " in case
        exec(case, {"__name__": "worked_case"})


def test_every_family_has_its_page_and_every_policy_is_on_it() -> None:
    for family, found in FAMILIES.items():
        page = (DOCS / "policies" / f"{family}.md").read_text(encoding="utf-8")
        missing = [name for name in found.classes if f"`{name}`" not in page]
        assert not missing, f"{family}.md says nothing of {missing}"


def test_the_policy_of_your_own_page_conforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DOCS / "your-own-policy.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "my_rules.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "my_rules", raising=False)
    checked, *others = [c for c in command_lines(text) if "my_rules:FarFirst" in c]
    assert run_twin(checked, tmp_path)[0] == 0
    assert run_twin("twin run one_order --out runs/base", tmp_path)[0] == 0
    for command in others:
        assert run_twin(command.replace("quickstart", "one_order"), tmp_path)[0] in (0, 1), command
    (cases,) = [block for block in indented_blocks(text) if block.startswith("policy: ")]
    (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
    assert run_twin("twin policy test cases.yaml", tmp_path) == (
        0,
        "passed  allocation=fefo: the oldest date goes first\n1 cases, 0 failed\n",
    )


def test_the_policy_of_the_contributors_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = next(block for block in indented_blocks(text) if "class OldestFirst" in block)
    names: dict[str, Any] = {"__name__": "contributed"}
    monkeypatch.setitem(sys.modules, "contributed", ModuleType("contributed"))
    exec(code, names)
    monkeypatch.setitem(DISPATCH, "oldest_first", names["OldestFirst"])
    loaded = load_scenario("one_order", ["policies.dispatch=oldest_first"])
    result = run_scenario(loaded)
    assert result.policies["dispatch"] == "oldest_first" and result.kpis["orders_shipped"] == 1


def test_both_readmes_show_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    assert command_lines(english) == command_lines(chinese)
    assert excerpts(english) == excerpts(chinese) and len(excerpts(english)) == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def leaves(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """All commands with their words, as `layout show`."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


COMMANDS = dict(leaves(get_command(entry.app)))
ROWS = dict(
    re.findall(
        r"`twin ((?:layout |bench |policy |study |gate )?[a-z-]+)((?: [^`]*)?)`", INTERFACE.split("## JSON answers")[0]
    )
)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run in it, `run`."""
    folder = tmp_path_factory.mktemp("interface")
    assert run_twin("twin run one_order --out run", folder)[0] == 0
    return folder


class TestInterface:
    def test_every_command_is_there(self) -> None:
        assert set(ROWS) - {"--version"} == set(COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_options_are_those_of_the_program(self, name: str) -> None:
        told = set(re.findall(r"(?<![\w-])--?[a-z]+[0-9]?(?:-[a-z]+)*", ROWS[name]))
        options = [p.opts for p in COMMANDS[name].params if p.opts[0].startswith("-") and "--help" not in p.opts]
        for names in options:
            assert told & set(names), f"twin {name} {names} is not told"
        assert told <= {o for names in options for o in names}, "told, but not there"

    def test_every_schema_is_told(self) -> None:
        written = {
            s
            for folder in ("twin", "experiments")
            for path in (ROOT / folder).rglob("*.py")
            for s in re.findall(r'"(twin\.[a-z-]+/\d+)"', path.read_text(encoding="utf-8"))
        }
        assert written == set(re.findall(r"\| `(twin\.[a-z-]+/\d+)` \|", INTERFACE))

    @pytest.mark.parametrize(
        "command",
        [
            "run one_order --json -n 2", "check one_order --json", "init mine --json", "verify run --json",
            "explain-kpi --json", "doctor --json", "policy list --json", "policy show fefo --json",
            "policy check routing=optimal --snapshots 3 --json", "shadow run --policy routing=s_shape --json",
            "layout show one_order --png x.png --json",
            "view run --html x.html --json",
            f"layout import {DOCS / 'examples' / 'locations.csv'} --out l.yaml --json",
        ],
    )  # fmt: skip
    def test_answers_have_the_keys_told(self, command: str, run_folder: Path) -> None:
        answer = json.loads(self._stdout(f"twin {command}", run_folder))
        told = re.search(rf"\| `{answer['schema']}` \| `([^`]*)`", INTERFACE)
        assert told is not None and told[1].split() == list(answer)

    @staticmethod
    def _stdout(command: str, cwd: Path) -> str:
        out = io.StringIO()
        with contextlib.redirect_stderr(io.StringIO()), pytest.MonkeyPatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr(sys, "argv", shlex.split(command))
            with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
                entry.main()
        return out.getvalue()

    def test_result_json_has_the_keys_told(self, run_folder: Path) -> None:
        result = json.loads((run_folder / "run" / "result.json").read_text(encoding="utf-8"))
        told = re.search(r"## result.json\n\n`([^`]*)`", INTERFACE)
        assert told is not None and set(told[1].split()) == set(result)

    def test_tables_have_the_columns_told(self, run_folder: Path) -> None:
        section = INTERFACE.split("## A run's folder")[1].split("## ")[0]
        told = {name: columns.split() for name, columns in re.findall(r"\| ([a-z_]+) \| ([a-z_ ]+) \|", section)}
        told.pop("table", None)
        assert set(told) == set(TABLES)
        con = parquet.connect()
        for name, columns in told.items():
            rows = con.execute(f"describe select * from '{run_folder / 'run' / name}.parquet'").fetchall()
            assert {r[0] for r in rows} == set(columns), name
        con.close()

    def test_exit_codes_are_told_as_the_entry_tells_them(self) -> None:
        assert entry.__doc__ is not None
        for code in re.findall(r"(?<!\w)(\d+) ", entry.__doc__):
            assert re.search(rf"\b{code} \w", INTERFACE.split("Exit codes:")[1].split("\n\n")[0])
