"""Thrift's compact protocol, as far as the footer of a Parquet file needs it: structs as fields by number.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)

Struct = dict[int, tuple[int, Any]]
"""Type and value of each field. A list is the type of its elements and the elements; a struct may be packed already."""


def unpacked(data: bytes) -> Struct:
    """A struct from its bytes."""
    return _Bytes(data).struct()


def packed(struct: Struct) -> bytes:
    """The bytes of a struct."""
    told = bytearray()
    before = 0
    for field, (kind, value) in sorted(struct.items()):
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        step = field - before
        told += bytes([step << 4 | kind]) if step < 16 else bytes([kind]) + _signed(field)
        told += _value(kind, value)
        before = field
    told.append(0)
    return bytes(told)


def _value(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _signed(value)
    if kind == BINARY:
        return _unsigned(len(value)) + bytes(value)
    if kind == STRUCT:
        return value if isinstance(value, bytes) else packed(value)
    if kind == LIST:
        of, elements = value
        size = len(elements)
        head = bytes([size << 4 | of]) if size < 15 else bytes([0xF0 | of]) + _unsigned(size)
        return head + b"".join(_value(of, element) for element in elements)
    return b"" if kind in (TRUE, FALSE) else bytes(value)


def _unsigned(number: int) -> bytes:
    told = bytearray()
    while number > 0x7F:
        told.append(number & 0x7F | 0x80)
        number >>= 7
    told.append(number)
    return bytes(told)


def _signed(number: int) -> bytes:
    return _unsigned(number << 1 if number >= 0 else ~number << 1 | 1)


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self) -> Struct:
        found: Struct = {}
        field = 0
        while head := self._taken(1)[0]:
            step, kind = head >> 4, head & 0x0F
            field = field + step if step else self._signed()
            found[field] = kind, self._value(kind)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (I16, I32, I64):
            return self._signed()
        if kind == BINARY:
            return self._taken(self._unsigned())
        if kind == STRUCT:
            return self.struct()
        if kind == LIST:
            head = self._taken(1)[0]
            size, of = head >> 4, head & 0x0F
            if size == 15:
                size = self._unsigned()
            if of in (TRUE, FALSE):
                raise ValueError("a list of truths is not expected in a footer")
            return of, [self._value(of) for _ in range(size)]
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in (BYTE, DOUBLE):
            return self._taken(1 if kind == BYTE else 8)
        raise ValueError(f"type {kind} is not expected in a footer")

    def _taken(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        if len(taken) != size:
            raise ValueError("a footer that ends too soon")
        self.at += size
        return taken

    def _unsigned(self) -> int:
        number = shift = 0
        while True:
            byte = self._taken(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def _signed(self) -> int:
        number = self._unsigned()
        return number >> 1 ^ -(number & 1)
