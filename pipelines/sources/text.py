"""Delivered bytes -> UTF-8 text, and the header row in it: what both ways to read delimited text share.

Belongs here: encodings, kinds of files that are no text, names of columns. Not here: records (plain.py, csv_file.py).
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import CsvFormat
from pipelines.sources.prepared import TextFacts

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]

LF, CR = 10, 13
_TAB, _SPACE = 9, 32
_DELETE, _NO_BREAK_SPACE = b"\x7f", "\u00a0".encode()
BLANKS = " \t\u00a0"
"""Around a field they mean nothing."""
LONGEST_RECORD = 2_000_000
"""Bytes of one record; DuckDB's own limit."""

_MAGIC = {
    b"PK\x03\x04": "a ZIP archive (an .xlsx workbook is one)",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}


_SUSPECT_BYTES = (b"\xc2", b"\x82", b"\x83", b"\xe2", b"\xef")
_SUSPECT_SIGNS = (b"\xc2", b"\xc3\x82", b"\xc3\x83", b"\xc3\xa2\xe2", b"\xef\xbf\xbd", b"\xe2\x94\x9c", b"\xe2\x88\x9a")
_SUSPECT = re.compile(
    rb"\xc2[\x80-\x9f]|\xc3[\x82\x83][\x80-\xff]|\xc3\xa2\xe2\x82\xac|\xef\xbf\xbd|\xe2\x94\x9c|\xe2\x88\x9a"
)
"""The UTF-8 of what a wrong encoding leaves: a C1 control character, \u00c2 and \u00c3 before what is no letter of ASCII, \u00e2\u20ac,
\ufffd, \u251c, \u221a."""

_SEP = re.compile(r"\"?sep=(?P<sign>[^\"\r\n]*)\"?[\r\n]*", re.IGNORECASE)


def private(path: Path) -> BinaryIO:
    """A new file that only its owner reads, open to write."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def utf8_blocks(delivered: BinaryIO, name: str, declared: CsvFormat, size: int) -> Iterator[bytes]:
    """The text as UTF-8 in blocks of about `size` bytes, without a byte order mark; the last one is empty.

    Raises SourceError FILE_FORMAT, ENCODING.
    """
    decoder = codecs.getincrementaldecoder(declared.codec)("strict")
    offset = 0
    while True:
        block = delivered.read(size)
        if offset == 0:
            _refuse_other_kinds(block, name, declared)
            if declared.codec == "utf-8" and block.startswith(codecs.BOM_UTF8):
                block, offset = block[3:], 3
        pending = len(decoder.getstate()[0])
        if block and not pending and is_ascii_based(declared.codec) and block.isascii():
            # Such bytes are the same text in nearly every encoding.
            offset += len(block)
            yield block
            continue
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise _encoding_error(name, declared, offset - pending + error.start, error.object[error.start]) from error
        except UnicodeError as error:
            # UTF-16 and UTF-32 say which byte comes first by a mark, and this file has none.
            raise _encoding_error(name, declared, 0, block[0]) from error
        offset += len(block)
        # What is valid UTF-8 already is not encoded a second time.
        yield block if declared.codec == "utf-8" else text.encode()
        if not block:
            return


def _refuse_other_kinds(block: bytes, name: str, declared: CsvFormat) -> None:
    for magic, what in _MAGIC.items():
        if block.startswith(magic):
            raise SourceError(
                Problem("FILE_FORMAT", f"the file is {what}, not delimited text", name, "export it as CSV")
            )
    if not declared.codec.startswith(("utf-16", "utf-32")) and block.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        raise SourceError(
            Problem(
                "ENCODING",
                f"the file begins with a UTF-16 mark at byte 0, declared is {declared.encoding}",
                name,
                "declare encoding: utf-16",
            )
        )


def _encoding_error(name: str, declared: CsvFormat, offset: int, byte: int) -> SourceError:
    return SourceError(
        Problem(
            "ENCODING",
            f"byte 0x{byte:02x} at offset {offset} is no {declared.encoding} text; nothing of the file was loaded",
            name,
            "correct `encoding` of the format, or export the file again",
        )
    )


@cache
def is_ascii_based(codec: str) -> bool:
    """Whether ASCII bytes are the same text in this encoding, whatever stood before them."""
    ascii_bytes = bytes(range(128))
    try:
        return ascii_bytes.decode(codec) == ascii_bytes.decode("ascii")
    except UnicodeDecodeError:
        return False


def is_sep_line(text: str, name: str, declared: CsvFormat) -> bool:
    """Whether a first line says which sign separates, as Excel writes it (sep=;). Raises SourceError HEADER_MISMATCH if it
    names another one than declared."""
    found = _SEP.fullmatch(text)
    if found is None or declared.header_row != 1:
        return False
    if found["sign"] != declared.delimiter:
        what = f"the file says {text.strip()!a}, declared is the delimiter {declared.delimiter!a}"
        raise SourceError(Problem("HEADER_MISMATCH", what, f"{name}:1", f"declare delimiter: {found['sign']!a}"))
    return True


def header_names(text: str, name: str, declared: CsvFormat) -> tuple[str, ...]:
    """The columns a header row names, "" where it has none; umlauts in one way of writing (NFC).

    Columns of the same name are told apart by their place, "Text (column 5)": they matter only to who names one. Raises
    SourceError HEADER_MISMATCH.
    """
    where = f"{name}:{declared.header_row}"
    try:
        names = tuple(unicodedata.normalize("NFC", field).strip(BLANKS + "\ufeff") for field in fields(text, declared))
    except csv.Error:
        names = ("\0",)
    if any(ord(sign) < _SPACE and sign not in "\t\n\r" for column in names for sign in column):
        what = "the header row holds a control character or half a line end"
        raise SourceError(Problem("HEADER_MISMATCH", what, where, "correct `header_row`, or export the file again"))
    if not any(names):
        where = f"{name}:{declared.header_row}"
        raise SourceError(Problem("HEADER_MISMATCH", "the header row is blank", where, "correct `header_row`"))
    times = Counter(column.lower() for column in names)
    return tuple(
        f"{column} (column {place})" if column and times[column.lower()] > 1 else column
        for place, column in enumerate(names, 1)
    )


def fields(text: str, declared: CsvFormat) -> list[str]:
    """The fields of one record."""
    line, sign = text.rstrip("\r\n"), declared.quote_sign
    if sign is None:
        return line.split(declared.delimiter)
    return next(csv.reader([line], delimiter=declared.delimiter, quotechar=sign), [])


def ascii_sign(sign: str, name: str) -> int:
    """The byte of a declared sign. Raises SourceError FORMAT_SIGN."""
    if not sign.isascii():
        raise SourceError(
            Problem("FORMAT_SIGN", f"the sign '{sign}' is not ASCII", name, "declare an ASCII delimiter and quote")
        )
    return ord(sign)


class Seen:
    """What the fields of a file may hold, as far as it was seen."""

    def __init__(self, delimiter: int) -> None:
        self.facts = TextFacts(has_blank_edges=False, has_control_signs=False, has_suspect_signs=False)
        self._delimiter = delimiter

    def note(self, data: Bytes, ends: Positions, quotes: Positions) -> None:
        """Take a run of whole lines into account: where its fields and lines end, and where quote signs stand."""
        text = data.tobytes()
        has_control_signs = self.facts.has_control_signs
        if not has_control_signs:
            allowed = sum(text.count(sign) for sign in (b"\n", b"\r", b"\t") if sign in text)
            has_control_signs = int((data < _SPACE).sum()) != allowed or _DELETE in text
        is_ascii = text.isascii()
        has_suspect_signs = self.facts.has_suspect_signs or (not is_ascii and _is_suspect(text))
        has_blank_edges = self.facts.has_blank_edges or (not is_ascii and _NO_BREAK_SPACE in text)
        if not has_blank_edges and (b" " in text or (b"\t" in text and self._delimiter != _TAB)):
            edges = [ends, quotes, *([np.flatnonzero(data == CR)] if b"\r" in text else [])]
            beside = (data[np.clip(each + step, 0, len(data) - 1)] for each in edges for step in (-1, 1))
            has_blank_edges = any(_has_blank(signs) for signs in (data[:1], *beside))
        self.facts = TextFacts(has_blank_edges, has_control_signs, has_suspect_signs)


def _is_suspect(text: bytes) -> bool:
    # Three looks, each several times cheaper than the next.
    return (
        any(sign in text for sign in _SUSPECT_BYTES)
        and any(signs in text for signs in _SUSPECT_SIGNS)
        and _SUSPECT.search(text) is not None
    )


def _has_blank(signs: Bytes) -> bool:
    return bool(((signs == _SPACE) | (signs == _TAB)).any())
