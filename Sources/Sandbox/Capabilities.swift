import Files
import Glibc

/// Whether this process may mount in its user namespace, as the `chroot` venue must.
///
/// Tests the effective capabilities (bit 21, `CAP_SYS_ADMIN`), not the user id: a container's root often lacks it.
public func isPrivileged() -> Bool { effectiveCapabilities() & (1 << 21) != 0 }

/// The effective capabilities of this process, as bits of capabilities(7). If `/proc` cannot be read: all for root,
/// else none.
public func effectiveCapabilities() -> UInt64 {
    let unknown: UInt64 = geteuid() == 0 ? .max : 0
    guard let status = try? WholeFile.read("/proc/self/status", limit: 64 << 10) else { return unknown }
    for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: "CapEff:".utf8) {
        let digits = String(decoding: line.dropFirst(7), as: UTF8.self).filter { $0.isHexDigit }
        return UInt64(digits, radix: 16) ?? 0
    }
    return unknown
}
