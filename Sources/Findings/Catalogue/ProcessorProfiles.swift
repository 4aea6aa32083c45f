/// The features of an AArch64 processor that builds need, by their bits in `AT_HWCAP`. Data: add a row with its source.
///
/// Bits: `arch/arm64/include/uapi/asm/hwcap.h`. Versions of features: Arm Architecture Reference Manual (DDI 0487), A2.
struct ProcessorFeature {
    /// The name in `/proc/cpuinfo`.
    var name: String
    var bit: Int
    /// The profile that has it.
    var profile: Profile
    /// The programs that die without it.
    var needed: String

    enum Profile: String {
        /// The processor that Debian, Ubuntu and Alpine are built for.
        case base = "Armv8.0"
        /// Neoverse N1 (Graviton 2, Ampere Altra), and later.
        case server = "Armv8.2"

        var severity: Severity { self == .base ? .error : .warning }
    }

    static let all = [
        ProcessorFeature(name: "fp", bit: 0, profile: .base, needed: "every program that computes with floating point"),
        ProcessorFeature(name: "asimd", bit: 1, profile: .base, needed: "every C library (memcpy, strlen)"),
        ProcessorFeature(
            name: "crc32", bit: 7, profile: .server,
            needed: "programs built with -march=armv8-a+crc or armv8.1-a (databases, compressors)"),
        ProcessorFeature(
            name: "atomics", bit: 8, profile: .server,
            needed:
                "programs built with -march=armv8.1-a or later, or -mno-outline-atomics (LSE): MongoDB 5 and later, Amazon Linux 2023"
        ),
        ProcessorFeature(
            name: "fphp", bit: 9, profile: .server,
            needed: "programs built with +fp16 (half precision: machine learning libraries)"),
        ProcessorFeature(name: "asimdhp", bit: 10, profile: .server, needed: "programs built with +fp16, vectorised"),
        ProcessorFeature(
            name: "asimdrdm", bit: 12, profile: .server, needed: "programs built with -march=armv8.1-a or later"),
        ProcessorFeature(
            name: "asimddp", bit: 20, profile: .server,
            needed: "programs built with +dotprod (dot product: machine learning, video)"),
    ]
}
