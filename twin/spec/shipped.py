"""The scenarios and layouts that come with the product, and how a name in a file becomes a file on disk."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Literal

Kind = Literal["scenarios", "layouts"]
_ENDINGS = (".yaml", ".yml")


def shipped_root() -> Path:
    """The folder that holds `scenarios` and `layouts`: inside the installed package, else the checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def shipped_folder(kind: Kind) -> Path:
    """Where the shipped files of a kind stand."""
    return shipped_root() / kind


def shipped_names(kind: Kind) -> list[str]:
    """Names that can be given in place of a path."""
    folder = shipped_folder(kind)
    return sorted(p.stem for p in folder.glob("*.yaml")) if folder.is_dir() else []


def is_file(path: Path) -> bool:
    """Is there a file; False also for what cannot be a path at all."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def find_document(reference: str, kind: Kind, folder: Path) -> Path | None:
    """A YAML file by path or name: from the folder of the file that names it, then from the shipped folders.

    A layout may bear the name of the scenario beside it: a file that is no layout is passed over for one that is.
    """
    names = [reference] if reference.endswith(_ENDINGS) else [reference + e for e in _ENDINGS] + [reference]
    there = [
        place / name
        for place in (folder, shipped_root(), shipped_folder(kind))
        for name in names
        if is_file(place / name)
    ]
    if kind == "layouts" and len(there) > 1:
        there.sort(key=lambda path: not _is_layout(path))
    return there[0].resolve() if there else None


def _is_layout(path: Path) -> bool:
    return any(line.startswith(b"type:") for line in path.read_bytes().splitlines())


def find_file(reference: str, folder: Path) -> Path | None:
    """Any other file that a scenario names, in the same places."""
    for place in (folder, shipped_root(), shipped_folder("scenarios"), shipped_folder("layouts")):
        if is_file(place / reference):
            return (place / reference).resolve()
    return None


def near_names(reference: str, folder: Path, kind: Kind | None) -> list[str]:
    """What may have been meant by a name that is not there: neighbours of the path, then shipped names."""
    wanted = Path(reference)
    try:
        place = (folder / wanted).parent
        files = sorted(p for p in place.iterdir() if p.is_file())[:2000] if place.is_dir() else []
    except (OSError, ValueError):
        files = []
    there = {p.name if wanted.suffix else p.stem: p.name for p in files if wanted.suffix or p.suffix in _ENDINGS}
    near = [str(wanted.parent / there[n]) for n in get_close_matches(wanted.name, there, n=2, cutoff=0.6)]
    if kind is not None:
        near += get_close_matches(wanted.stem, shipped_names(kind), n=2, cutoff=0.5)
    return list(dict.fromkeys(near))


def not_there(reference: str, folder: Path, kind: Kind | None) -> str:
    """The sentence about a file that is not there."""
    near = near_names(reference, folder, kind)
    told = f"no file '{reference}'"
    if near:
        return f"{told}; did you mean {' or '.join(near)}?"
    if kind is not None and shipped_names(kind):
        return f"{told}; shipped {kind}: {', '.join(shipped_names(kind))}"
    return f"{told} in {folder} or the shipped folders; give its path, for example with -o demand.orders_csv=PATH"
