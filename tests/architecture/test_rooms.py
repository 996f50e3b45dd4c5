"""The house as it is drawn: rooms, what loads what, and names that say something."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "twin").rglob("*.py"))
HEAVY = ("simpy", "scipy", "matplotlib", "duckdb", "pyarrow", "ortools", "pandas")
PURE = ("domain", "space", "policies", "events", "spec", "wms", "floor", "observers")


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def imports_of(path: Path, names: set[str]) -> set[str]:
    """The modules of this house that a module names in an import, those for types and inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & names
            found |= inside or {node.module}
    return found & names


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for room in ("twin", "visualizer", "experiments")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "__init__.py"
    }
    house = {name: imports_of(path, set(paths)) for name, path in paths.items()}
    assert sum(map(len, house.values())) > len(house), "imports are seen"
    try:
        TopologicalSorter(house).prepare()
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


@pytest.mark.parametrize(
    "code",
    [
        "import twin, twin.policies, twin.domain, twin.events.catalogue, twin.space.plan",
        "import twin.policies.named as n; [r.classes for r in n.FAMILIES.values()]",
        "import twin.wms.control",
        "import sys; sys.argv = ['twin', '--help']; import twin.cli.main as m; m.main()",
        "import sys; sys.argv = ['twin', 'check', 'quickstart']; import twin.cli.main as m; m.main()",
        "import sys, tempfile; sys.argv = ['twin', 'init', tempfile.mkdtemp()]; import twin.cli.main as m; m.main()",
    ],
)
def test_light_things_load_no_heavy_library(code: str) -> None:
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr))\n{code}"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "LOADED []" in done.stderr


def test_the_help_loads_few_modules() -> None:
    code = "import sys, twin.cli.main; print(len(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 450


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_tells_one_story(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 480 or path.name == "catalogue.py", "the catalogue is one list"
    assert ast.get_docstring(ast.parse(text)), "a module says what it is"
    assert not re.search(r"(^|_)(utils?|helpers?|common|misc|base|manager|handler|engine)(_|$)", path.stem)


FORBIDDEN = {
    "manager", "helper", "helpers", "util", "utils", "common", "misc", "base", "handler", "engine", "ops", "obj",
}  # fmt: skip


def test_names_say_something() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = {w.lower() for w in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", node.name)}
                if words & FORBIDDEN:
                    found.append(f"{path.relative_to(ROOT)}: {node.name}")
                if isinstance(node, ast.ClassDef) and re.search(r"(Data|Info|Item|Object)$", node.name):
                    found.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not found


def test_numbers_carry_their_unit() -> None:
    """A field or an argument that is a bare time, speed, rate, length or weight says no unit."""
    bare = {"time", "speed", "rate", "length", "weight", "duration", "distance", "mass", "volume", "delay", "timeout"}
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = None
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, hint = node.target.id, node.annotation
            elif isinstance(node, ast.arg) and node.annotation is not None:
                name, hint = node.arg, node.annotation
            if name in bare and ast.unparse(hint) in ("int", "float", "int | None", "float | None"):
                found.append(f"{path.relative_to(ROOT)}: {name}: {ast.unparse(hint)}")
    assert not found


def test_only_the_floor_and_the_run_say_simpy() -> None:
    for path in MODULES:
        if "floor" not in path.relative_to(ROOT).parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                bare = any(n.split(".")[0] == "simpy" for n in names)
                assert not bare or path.name == "bench_command.py", f"{path}: a bare SimPy loop is the yardstick only"


@pytest.mark.parametrize("room", PURE)
def test_no_clock_and_no_generator_inside(room: str) -> None:
    for path in (ROOT / "twin" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            assert not {"random", "secrets", "uuid"} & set(names), path
            if "time" in names:
                assert path.name == "journal.py", f"{path}: only the journal looks at a wall clock, to save a live run"
            if isinstance(node, ast.Attribute) and node.attr == "random":
                assert not (isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "hash", path
            if isinstance(node, ast.For):
                assert not isinstance(node.iter, ast.Set | ast.SetComp), f"{path}: a set has no order"


def test_public_classes_and_functions_say_what_they_are() -> None:
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            public = isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not silent


def test_the_project_holds_no_path_of_one_machine() -> None:
    for path in [*MODULES, *(ROOT / "scenarios").rglob("*.yaml"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        assert not re.search(r"(^|[^A-Za-z0-9_.])/(work|root|home)/", path.read_text(encoding="utf-8")), path
