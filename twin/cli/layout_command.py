"""`twin layout import` and `twin layout show`."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path

from twin.domain.errors import SpecError
from twin.events.whole_file import whole_file


def import_command(locations: Path, out: Path | None, *, json: bool) -> None:
    """A location master becomes a layout file; the guesses are talk, the layout is data."""
    from twin.spec.location_master import import_locations

    found = import_locations(locations)
    if out is not None:
        if out.exists():
            raise SpecError(f"{out} is there already; name another file")
        with whole_file(out) as part:
            part.write_text(found.text, encoding="utf-8")
    if json:
        answer = {
            "schema": "twin.layout-import/1", "locations": found.locations, "guesses": list(found.guesses),
            "layout": None if out is not None else found.text, "out": str(out) if out is not None else None,
        }  # fmt: skip
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2))
        return
    if out is None:
        sys.stdout.write(found.text)
    print(f"{found.locations:,} locations; guessed:", file=sys.stderr)
    for guess in found.guesses:
        print(f"  {guess}", file=sys.stderr)
    if out is not None:
        print(f"written to {out}; look at it: twin layout show {out} --png layout.png", file=sys.stderr)


def show_command(layout: str, png: Path, *, json: bool) -> None:
    """Draw a layout, or the layout of a scenario's first site."""
    from twin.cli.check_command import is_layout
    from twin.spec.building import plan_of
    from twin.spec.drawing import draw_layout
    from twin.spec.loading import found, load_layout, load_scenario

    if png.suffix.lower() != ".png":
        raise SpecError(f"{png}: a file that ends in .png is needed")
    try:
        a_layout = is_layout(found(layout, "layouts"))
    except SpecError as no_layout:
        try:
            found(layout, "scenarios")
        except SpecError:
            raise no_layout from None
        a_layout = False
    if a_layout:
        spec = load_layout(layout)
        title = spec.name
    else:
        site = load_scenario(layout).spec.site_specs[0]
        spec, title = site.layout, f"{layout}, site {site.name}"
    plan = plan_of(spec, "main")
    with whole_file(png) as part:
        draw_layout(plan, part, title=title)
    if json:
        print(jsonlib.dumps({"schema": "twin.layout-show/1", "png": str(png), "locations": len(plan.locations)}))
    else:
        print(f"{png}: {len(plan.locations):,} locations")
