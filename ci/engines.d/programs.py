"""AArch64 programs of a few bytes, which print their nonce."""

import struct

HEADER = 64
SEGMENT = 56


def code(nonce):
    text = (nonce + "\n").encode()
    instructions = [
        0xD2800020,  # mov x0, #1
        0x100000E1,  # adr x1, the text
        0xD2800002 | len(text) << 5,  # mov x2, its length
        0xD2800808,  # mov x8, #64: write(2)
        0xD4000001,  # svc #0
        0xD2800000,  # mov x0, #0
        0xD2800BA8,  # mov x8, #93: exit(2)
        0xD4000001,  # svc #0
    ]
    return b"".join(struct.pack("<I", word) for word in instructions) + text


def elf(nonce, kind="static", interpreter=None, entry=None, size=None):
    """`static` is loaded where it says, `shared` anywhere: a loader."""
    base = 0x400000 if kind == "static" else 0
    name = interpreter.encode() + b"\0" if interpreter else b""
    segments = 1 + (1 if interpreter else 0)
    place = HEADER + SEGMENT * segments
    body = name.ljust((len(name) + 15) // 16 * 16, b"\0") + code(nonce)
    start = place + len(body) - len(code(nonce))
    total = place + len(body)
    out = b"\x7fELF\x02\x01\x01" + bytes(9)
    out += struct.pack("<HHIQQQIHHHHHH", 2 if kind == "static" else 3, 183, 1, base + (start if entry is None else entry), HEADER, 0, 0,
                       HEADER, SEGMENT, segments, 0, 0, 0)
    if interpreter:
        out += struct.pack("<IIQQQQQQ", 3, 4, place, base + place, base + place, len(name), len(name), 1)
    loaded = total if size is None else size
    out += struct.pack("<IIQQQQQQ", 1, 7, 0, base, base, loaded, loaded, 0x10000)
    return out + body
