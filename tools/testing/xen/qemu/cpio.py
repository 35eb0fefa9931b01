# SPDX-License-Identifier: GPL-2.0
"""Archives in the kernel's initramfs format ("newc" cpio), without root.

An Archive is a set of paths; device nodes are only entries, so that nobody
needs mknod.  The bytes depend on the entries alone: sorted by path, time zero,
owner root, inode numbers counted.  Parents are made by themselves.

Limits: no hard links, and a file must be below 4 GiB (the format's fields).
"""

import stat
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"070701"
TRAILER = "TRAILER!!!"


@dataclass(frozen=True)
class Entry:
    """One member: st_mode, contents (a link's target), and the device if any."""
    mode: int
    data: bytes = b""
    device: tuple[int, int] = (0, 0)


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % 4)


def _record(number: int, path: str, entry: Entry) -> bytes:
    name = path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    fields = (number, entry.mode, 0, 0, links, 0, len(entry.data), 0, 0,
              *entry.device, len(name), 0)
    header = MAGIC + b"".join(b"%08X" % field for field in fields)
    return _padded(header + name) + _padded(entry.data)


class Archive:
    """An initramfs being put together; later additions replace earlier ones."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def _add(self, path: str, entry: Entry) -> None:
        path = path.strip("/")
        parent = path.rpartition("/")[0]
        if parent and parent not in self._entries:
            self._add(parent, Entry(stat.S_IFDIR | 0o755))
        self._entries[path] = entry

    def __contains__(self, path: str) -> bool:
        return path.strip("/") in self._entries

    def folder(self, path: str, mode: int = 0o755) -> None:
        """Add an empty folder."""
        self._add(path, Entry(stat.S_IFDIR | mode))

    def file(self, path: str, data: bytes | str, mode: int = 0o644) -> None:
        """Add a file with these contents."""
        raw = data.encode() if isinstance(data, str) else data
        self._add(path, Entry(stat.S_IFREG | mode, raw))

    def copy(self, source: Path, path: str, mode: int | None = None) -> None:
        """Add a file of this machine; it keeps its permissions unless told."""
        source = Path(source)
        if mode is None:
            mode = stat.S_IMODE(source.stat().st_mode)
        self.file(path, source.read_bytes(), mode)

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        self._add(path, Entry(stat.S_IFLNK | 0o777, target.encode()))

    def character_device(self, path: str, major: int, minor: int, mode: int = 0o600) -> None:
        """Add a character device node."""
        self._add(path, Entry(stat.S_IFCHR | mode, device=(major, minor)))

    def bytes(self) -> bytes:
        """The whole archive.  Archives may be concatenated as they are."""
        records = [_record(number, path, self._entries[path])
                   for number, path in enumerate(sorted(self._entries), start=1)]
        records.append(_record(0, TRAILER, Entry(0)))
        raw = b"".join(records)
        return raw + b"\0" * (-len(raw) % 512)
