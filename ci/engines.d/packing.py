"""More odd images: layers that are compressed in odd ways. Adds them to `ODD`."""

import struct
import subprocess
import zlib

from images import LAYER
from odd import simple


def member(data, flags=0, fields=b"", hidden=None):
    """A member of gzip, its header by hand."""
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(4) + b"\0\x03" + fields
    if flags & 2:
        head += struct.pack("<H", (zlib.crc32(head) if hidden is None else hidden) & 0xFFFF)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return head + deflate.compress(data) + deflate.flush() + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def frame(data, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=data, stdout=subprocess.PIPE, check=True).stdout


def skipped(data, number=0):
    """A frame that decoders skip."""
    return struct.pack("<II", 0x184D2A50 + number, len(data)) + data


def halves(data, make):
    half = len(data) // 2
    return make(data[:half]) + make(data[half:])


def packing(name, pack, kind="+gzip"):
    def make(image):
        image.start()
        image.stored = lambda data: (pack(data), LAYER + kind)
    simple("packing-" + name, make)


LONG = b"x" * 511
for kind in ("+zstd", "+gzip"):
    for name, pack in {
        "zstd": frame, "zstd-skipped-first": lambda data: skipped(b"12345") + frame(data), "zstd-skipped-15-first": lambda data: skipped(b"", 15) + frame(data),
        "zstd-skipped-last": lambda data: frame(data) + skipped(b"12345"), "zstd-skipped-between": lambda data: halves(data, lambda part: frame(part) + skipped(b"x" * 100, 3)),
        "zstd-frames": lambda data: halves(data, frame), "zstd-empty-first": lambda data: frame(b"") + frame(data), "zstd-empty-last": lambda data: frame(data) + frame(b""),
        "zstd-cut": lambda data: frame(data)[:-3], "zstd-zeros-behind": lambda data: frame(data) + bytes(512), "zstd-junk-behind": lambda data: frame(data) + b"junk junk",
        "zstd-checksum-wrong": lambda data: frame(data)[:-1] + bytes([frame(data)[-1] ^ 1]), "zstd-no-checksum": lambda data: frame(data, "--no-check"),
        "zstd-window-128-mib": lambda data: frame(data, "--long=27"), "zstd-ultra": lambda data: frame(data, "--ultra", "-22"), "zstd-skipped-only": lambda data: skipped(b"x"),
        "zstd-skipped-cut": lambda data: frame(data) + skipped(b"12345")[:-2],
    }.items():
        packing(name + ("" if kind == "+zstd" else "-as-gzip"), pack, kind)
for name, pack in {
    "gzip-members": lambda data: halves(data, member), "gzip-empty-first": lambda data: member(b"") + member(data), "gzip-empty-last": lambda data: member(data) + member(b""),
    "gzip-extra": lambda data: member(data, 4, b"\x06\0SG\x02\0ab"), "gzip-extra-odd": lambda data: member(data, 4, b"\x03\0abc"), "gzip-name": lambda data: member(data, 8, b"layer.tar\0"),
    "gzip-comment": lambda data: member(data, 16, b"made by hand\0"), "gzip-header-check": lambda data: member(data, 2), "gzip-header-check-wrong": lambda data: member(data, 2, hidden=7),
    "gzip-all": lambda data: member(data, 31, b"\x02\0abname\0comment\0"), "gzip-text": lambda data: member(data, 1), "gzip-reserved": lambda data: member(data, 32),
    "gzip-name-511": lambda data: member(data, 8, LONG + b"\0"), "gzip-name-512": lambda data: member(data, 8, LONG + b"x\0"), "gzip-comment-512": lambda data: member(data, 16, LONG + b"x\0"),
    "gzip-name-long": lambda data: member(data, 8, LONG * 4 + b"\0"), "gzip-extra-long": lambda data: member(data, 4, b"\xff\xff" + bytes(65535)),
    "gzip-method": lambda data: member(data)[:2] + b"\x07" + member(data)[3:], "gzip-junk-behind": lambda data: member(data) + b"junk", "gzip-length-wrong": lambda data: member(data)[:-1] + b"\x01",
    "gzip-name-512-second": lambda data: member(data) + member(b"", 8, LONG + b"x\0"), "gzip-one-byte-behind": lambda data: member(data) + b"\x1f",
    "gzip-name-not-ascii": lambda data: member(data, 8, b"\xff\xfe\0"), "gzip-stored": lambda data: member(data), "gzip-zlib": lambda data: zlib.compress(data),
}.items():
    packing(name, pack)
packing("xz", lambda data: subprocess.run(["xz", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout)
packing("bzip2", lambda data: subprocess.run(["bzip2", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout)
packing("plain-as-zstd", lambda data: data, "+zstd")
packing("gzip-as-zstd", member, "+zstd")
packing("gzip-in-gzip", lambda data: member(member(data)))
