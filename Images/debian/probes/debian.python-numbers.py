# proves: Python's integers, floats, decimals, structures, hashes and JSON give the specified values
# stands for: data that Python tools write in emulated builds differs from hardware
# source: https://github.com/golang/go/issues/29657
import ctypes
import decimal
import hashlib
import json
import math
import struct
import zlib
from probe import answer, expect

expect("2**200", 2**200, 1606938044258990275541962092341162602522202993782792835301376)
expect("factorial(30)", math.factorial(30), 265252859812191058636308480000000)
expect("repr(0.1 + 0.2)", repr(0.1 + 0.2), "0.30000000000000004")
expect("fsum", math.fsum([0.1] * 10), 1.0)
expect("hex of pi", math.pi.hex(), "0x1.921fb54442d18p+1")
expect("round half even", [round(x) for x in (0.5, 1.5, 2.5)], [0, 2, 2])
expect("remainders", (-7 // 2, -7 % 2, divmod(7, -2)), (-4, 1, (-4, -1)))
expect("float('9007199254740993')", float("9007199254740993"), 9007199254740992.0)
expect("struct", struct.pack(">IhQd", 0xDEADBEEF, -2, 1 << 40, 1.5).hex(), "deadbeeffffe00000100000000003ff8000000000000")
decimal.getcontext().prec = 50
expect("sqrt(2) in 50 digits", str(decimal.Decimal(2).sqrt()), "1.4142135623730950488016887242096980785696718753769")
expect("SHA-256(abc)", hashlib.sha256(b"abc").hexdigest(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
expect("SHA3-256(abc)", hashlib.sha3_256(b"abc").hexdigest(), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")
expect("BLAKE2b(abc)", hashlib.blake2b(b"abc").hexdigest()[:32], "ba80a53f981c4d0d6a2797b69f12f6e9")
expect("CRC-32", zlib.crc32(b"123456789"), 0xCBF43926)
expect("Adler-32", zlib.adler32(b"Wikipedia"), 0x11E60398)
expect("JSON", json.loads(json.dumps({"x": [1e23, 5e-324, "\u20ac\U0001d11e", 2**63]})), {"x": [1e23, 5e-324, "\u20ac\U0001d11e", 2**63]})
data = bytes(i * i % 251 for i in range(200000))
expect("zlib round trip", zlib.decompress(zlib.compress(data, 6)), data)
callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))(lambda a, b: a[0] - b[0])
numbers = (ctypes.c_int * 6)(5, 3, 9, -1, 7, 0)
ctypes.CDLL(None).qsort(numbers, 6, 4, callback)
expect("qsort calling back into Python", list(numbers), [-1, 0, 3, 5, 7, 9])
answer()
