"""A wrong book harms customers where stock is thin, and only there; it changes nobody's slips."""

from __future__ import annotations

import pytest

from twin.run.wrong_books import FACES, replicate

THIN = FACES["one day's goods, no reserve, nothing comes in"]


@pytest.mark.statistical
@pytest.mark.parametrize("method", ["paper", "barcode"])
def test_the_worse_the_book_the_more_is_promised_and_then_short(method: str) -> None:
    by_book = {book: [replicate(method, THIN, book, seed) for seed in range(1, 7)] for book in (1.0, 0.85)}
    short = {book: sum(s["ordered_then_short"] for s in seen) for book, seen in by_book.items()}
    assert short[0.85] > short[1.0]
    worse = [b["exceptions"] - a["exceptions"] for a, b in zip(by_book[1.0], by_book[0.85], strict=True)]
    assert min(worse) >= 0 and sum(worse) > 6
    if method == "barcode":
        assert short[1.0] < short[0.85] / 5  # only damage and goods in a wrong place are left


@pytest.mark.statistical
def test_with_stock_behind_the_faces_a_wrong_book_reaches_nobody_and_luck_stays_the_same() -> None:
    small = FACES["refilled when empty, small"]
    right, wrong = (replicate("barcode", small, book, 2) for book in (1.0, 0.85))
    assert wrong["exceptions"] > right["exceptions"]
    assert wrong["line_picking_accuracy"] == right["line_picking_accuracy"]
    assert wrong["ordered_then_short"] == right["ordered_then_short"] == 0
