import Files

/// The value that a probe computes from the caller's nonce, so that no other program can pass for it.
///
/// The algorithm is fixed by `Images/core/README.md`: FNV-1a 64 over nonce, name, verdict, machine and what was seen, separated by zero
/// bytes, then MurmurHash3's 64-bit finaliser.
public enum Proof {
    /// - Parameters:
    ///   - verdict: `ok`, `not ok` or `skip`.
    ///   - machine: the guest's, as `uname -m` has it.
    ///   - seen: the diagnostic of the same name; empty if there is none.
    /// - Returns: 16 lower-case hexadecimal digits.
    public static func value(nonce: String, name: String, verdict: String, machine: String, seen: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (index, part) in [nonce, name, verdict, machine, seen].enumerated() {
            if index > 0 { hash &*= 0x100_0000_01b3 }
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        hash ^= hash >> 33
        hash &*= 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        hash &*= 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return hash.hexadecimal
    }

    /// 32 random hexadecimal digits, from the system's generator.
    public static func freshNonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return [generator.next(), generator.next()].map(\.hexadecimal).joined()
    }
}
