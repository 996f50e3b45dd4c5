"""Parquet files one behind the other as one file: their bytes as they are, under a footer that says where they lie now.

Nothing is unpacked and packed again. A field is named by its number in
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import BinaryIO

from twin.events.thrift import BINARY, I16, I32, I64, LIST, STRUCT, Struct, packed, unpacked

_MAGIC = b"PAR1"
_SCHEMA, _ROWS, _ROW_GROUPS, _CREATED_BY, _COLUMN_ORDERS = 2, 3, 4, 6, 7
_NAME, _CHILDREN = 4, 5
_COLUMNS, _GROUP_SIZE, _GROUP_BEGINS, _GROUP_PACKED, _NUMBER = 1, 2, 5, 6, 7
_COLUMN_BEGINS, _COLUMN = 2, 3
_SIZE, _PACKED, _PAGES_BEGIN, _DICTIONARY_BEGINS = 6, 7, 9, 11
_OF_COLUMN = frozenset({1, 2, 3, 4, 5, _SIZE, _PACKED, 8, _PAGES_BEGIN, _DICTIONARY_BEGINS, 12, 13})
"""What is kept of a column: nothing that says where else in the file something lies, as indexes and filters do."""


def write_as_one(files: Iterable[Path], to: BinaryIO, columns: Collection[str]) -> None:
    """Write files that all have the same columns as one file with `columns` of them, in their order.

    Raises OSError or ValueError if one cannot be read as Parquet, OSError if `to` takes no more.
    """
    at = to.write(_MAGIC)
    rows = 0
    groups: list[bytes] = []
    for path in files:
        data = path.read_bytes()
        ends = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        if data[-4:] != _MAGIC or ends < len(_MAGIC):
            raise ValueError(f"{path} is no Parquet file")
        footer = unpacked(data[ends:-8])
        schema = footer[_SCHEMA][1][1]
        kept = [n for n, column in enumerate(schema[1:]) if column[_NAME][1].decode() in columns]
        for group in footer[_ROW_GROUPS][1][1]:
            groups.append(packed(_moved(group, kept, at - len(_MAGIC), len(groups))))
        rows += footer[_ROWS][1]
        at += to.write(memoryview(data)[len(_MAGIC) : ends])
    told = packed({
        1: footer[1],
        _SCHEMA: (LIST, (STRUCT, [schema[0] | {_CHILDREN: (I32, len(kept))}, *(schema[1 + n] for n in kept)])),
        _ROWS: (I64, rows),
        _ROW_GROUPS: (LIST, (STRUCT, groups)),
        _CREATED_BY: footer.get(_CREATED_BY, (BINARY, b"")),
        _COLUMN_ORDERS: (LIST, (STRUCT, [{1: (STRUCT, {})}] * len(kept))),
    })  # fmt: skip
    to.write(told + len(told).to_bytes(4, "little") + _MAGIC)


def _moved(group: Struct, kept: list[int], by: int, number: int) -> Struct:
    """A row group with the columns kept, its bytes so many further on."""
    columns = []
    for column in (group[_COLUMNS][1][1][n] for n in kept):
        told = {field: value for field, value in column[_COLUMN][1].items() if field in _OF_COLUMN}
        _move(told, by, _PAGES_BEGIN, _DICTIONARY_BEGINS)
        columns.append({_COLUMN_BEGINS: column[_COLUMN_BEGINS], _COLUMN: (STRUCT, told)})
        _move(columns[-1], by, _COLUMN_BEGINS)
    moved = group | {
        _COLUMNS: (LIST, (STRUCT, columns)),
        _GROUP_SIZE: (I64, sum(column[_COLUMN][1][_SIZE][1] for column in columns)),
        _GROUP_PACKED: (I64, sum(column[_COLUMN][1][_PACKED][1] for column in columns)),
        _NUMBER: (I16, number),
    }
    _move(moved, by, _GROUP_BEGINS)
    return moved


def _move(struct: Struct, by: int, *offsets: int) -> None:
    for field in offsets:
        if field in struct:  # 0: not told, as pyarrow has where a column begins
            kind, at = struct[field]
            struct[field] = kind, at + by if at else 0
