"""Scalars mean what a person means; what is not plain YAML is refused with its place."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.spec import plain_yaml
from twin.spec.mistakes import MistakesError
from twin.spec.plain_yaml import NODES_MAX, Node, read_bytes, read_text, scalar
from twin.spec.yaml_text import flow, write


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("no", "no"), ("No", "No"), ("on", "on"), ("yes", "yes"), ("y", "y"), ("off", "off"),
        ("12:30", "12:30"), ("1:30:00", "1:30:00"), ("2026-03-02", "2026-03-02"),
        ("2026-03-02T06:00", "2026-03-02T06:00"),
        ("010", 10), ("-007", -7), ("+5", 5), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"), ("0b1", "0b1"),
        ("1e3", 1000.0), ("1.5e-3", 0.0015), (".5", 0.5), ("5.", 5.0), ("-.5E+2", -50.0), ("1.2.3", "1.2.3"),
        ("true", True), ("False", False), ("tRUE", "tRUE"), ("null", None), ("~", None), ("none", "none"),
        (".inf", math.inf), ("-.INF", -math.inf), ("inf", "inf"), ("1e", "1e"), ("-", "-"), ("=", "="),
    ],
)  # fmt: skip
def test_a_plain_word_means_what_a_person_means(word: str, meaning: object) -> None:
    assert scalar(word) == meaning
    assert type(scalar(word)) is type(meaning)


def test_quoted_words_and_keys_are_text() -> None:
    assert read_text("'1': '2'\nno: \"3\"\n12:30: 4\n~: 5\n", "f").plain() == {"1": "2", "no": "3", "12:30": 4, "~": 5}


def test_every_node_keeps_its_place() -> None:
    tree = read_text("a:\n  b: [1,\n      {c: 2}]\n  d: &x {e: 3}\nf: *x\n", "f.yaml")

    def place(*path: str | int) -> tuple[int, int]:
        node: Node | None = tree
        for part in path:
            assert node is not None
            node = node.child(part)
        assert node is not None
        return node.mark.line, node.mark.column

    assert place("a") == (1, 1)
    assert place("a", "b") == (2, 3)
    assert place("a", "b", 0) == (2, 7)
    assert place("a", "b", 1, "c") == (3, 8)
    assert place("f") == (5, 1)
    assert place("f", "e") == (4, 10)
    assert {mark.file for mark in (tree.mark,)} == {"f.yaml"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "4:3", "b.c   a second time; first in line 3"),
        ("a: !!python/object:os.system x", "1:4", "tags (tag:yaml.org,2002:python/object:os.system) are not read"),
        ("a: !!str 12", "1:4", "put text in quotes instead"),
        ("a: !mine\n  b: 1", "1:4", "tags (!mine) are not read"),
        ("[" * 500, "1:61", "nested deeper than 60 levels"),
        ("a: &x [*x]", "1:8", "*x holds itself"),
        ("a: *x", "1:4", "*x names no anchor above it"),
        ("a:\n\tb: 1", "2:1", "indent with blanks, not tabs"),
        ("a: b: c", "1:5", "put text with ': ' in quotes"),
        ("a: @b", "1:4", "put text that begins with such a sign in quotes"),
        ("? [a]\n: b", "1:3", "a key must be a word"),
        ("a: 1\nb: \x01", "2:4", "a control character (U+0001)"),
        ("a: 1\n---\nb: 1\n", "2:1", "a second document begins"),
        ("a: 99999999999999999999", "1:4", "a whole number of 20 digits is too large"),
        ("<<: {a: 1}", "1:1", "merge keys (<<) are not read"),
        ("{a: 1", "2:1", "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_where_it_stands(text: str, place: str, words: str) -> None:
    with pytest.raises(MistakesError) as error:
        read_text(text, "f.yaml")
    assert words in str(error.value)
    assert f"  {place}" in str(error.value)


def test_all_duplicates_are_told_at_once() -> None:
    with pytest.raises(MistakesError) as error:
        read_text("a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert str(error.value).splitlines()[0] == "f.yaml: 2 faults"


def test_aliases_that_unfold_without_end_are_refused_in_time() -> None:
    lines = ["- &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"- &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]" for i in range(12)]
    with pytest.raises(MistakesError, match=f"unfolds to more than {NODES_MAX:,} values"):
        read_text("\n".join(lines), "f")


def test_a_long_file_is_not_told_of_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_yaml, "NODES_MAX", 20)
    monkeypatch.setattr(plain_yaml, "VALUES_MAX", 50)
    numbers = ", ".join(["1"] * 30)
    assert read_text(f"[{numbers}]", "f").plain() == [1] * 30
    with pytest.raises(MistakesError, match="unfolds to more than"):
        read_text(f"[&a 1, *a, {numbers}]", "f")
    with pytest.raises(MistakesError, match="holds more than 50 values: not read"):
        read_text(f"[{numbers}, {numbers}]", "f")


def test_encodings_are_read_or_told() -> None:
    assert read_bytes("a: ü".encode("utf-8-sig"), "f").plain() == {"a": "ü"}
    assert read_bytes("a: ü".encode("utf-16"), "f").plain() == {"a": "ü"}
    with pytest.raises(MistakesError) as error:
        read_bytes("a: 1\nb: für".encode("latin-1"), "f")
    assert "2:5" in str(error.value) and "not UTF-8 text (byte 0xfc); save the file as UTF-8" in str(error.value)
    with pytest.raises(MistakesError, match="not UTF-16"):
        read_bytes(b"\xff\xfe\x00", "f")


words = st.text(max_size=12) | st.sampled_from(
    [
        "no",
        "1e3",
        "010",
        "12:30",
        "~",
        "",
        "=",
        "<<",
        "true",
        ".5",
        "0x1",
        "- a",
        "a: b",
        "#",
        "\u2028",
        "'",
        '"',
        "1_0",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(value=values)
def test_what_is_written_is_read_back_the_same(value: object) -> None:
    for text in (write(value), flow(value)):
        back = read_bytes(text.encode("utf-8", "surrogatepass"), "f").plain()
        assert back == value
        assert repr(back) == repr(value)


def test_older_readers_are_not_misled() -> None:
    import yaml

    value = {"a": "no", "b": "12:30", "c": "010", "d": "1e3", "on": "2026-03-02"}
    assert yaml.safe_load(write(value)) == value
    assert yaml.safe_load(flow(value)) == value


def test_a_key_at_the_top_is_found_without_a_tree() -> None:
    assert plain_yaml.says(b"name: x\naisles: [{type: b}]\ntype: graph\n", "type")
    assert plain_yaml.says("type: graph".encode("utf-16"), "type")
    assert not plain_yaml.says(b"name: type\nlayout: {type: graph}\n", "type")
    assert not plain_yaml.says(b"[type, graph]", "type")
    assert not plain_yaml.says(b"\xff", "type")
    assert not plain_yaml.says(b"a: [", "type")


def test_a_value_of_a_mapping_stands_where_its_key_does_and_what_is_wrong_with_it_where_it_is() -> None:
    tree = read_text("a:  one\nb:\n  - two\n  -  {c:  3}\n", "f")
    marks = [node.mark[1:] for node in (tree, tree.child("a"), tree.child("b")) if node]
    assert marks == [(1, 1), (1, 1), (2, 1)]
    entries = tree.child("b")
    assert entries is not None and isinstance(entries.value, list)
    assert [entry.mark[1:] for entry in entries.value] == [(3, 5), (4, 6)]
    with pytest.raises(MistakesError, match="1:4 "):
        read_text("a: 99999999999999999999", "f")
