/// What differs by architecture in glibc's dynamic linker, by the OCI name.
enum GlibcArchitecture {
    /// Debian's names for architectures, as used in library paths.
    static let triplets: [String: [String]] = [
        "arm64": ["aarch64-linux-gnu"], "amd64": ["x86_64-linux-gnu"],
        "arm": ["arm-linux-gnueabihf", "arm-linux-gnueabi"], "386": ["i386-linux-gnu"],
        "riscv64": ["riscv64-linux-gnu"], "ppc64le": ["powerpc64le-linux-gnu"], "s390x": ["s390x-linux-gnu"],
        "loong64": ["loongarch64-linux-gnu"], "mips64le": ["mips64el-linux-gnuabi64"],
        "mipsle": ["mipsel-linux-gnu"], "ppc64": ["powerpc64-linux-gnu"],
    ]

    /// `AT_PLATFORM`, if it is the same for all processors of an architecture. See getauxval(3).
    static let platforms = ["arm64": "aarch64", "amd64": "x86_64"]

    /// The subdirectories of `glibc-hwcaps` that an architecture's processors may use, the best first. AArch64 has
    /// none.
    ///
    /// Source: <https://sourceware.org/git/?p=glibc.git;a=tree;f=sysdeps>, `dl-hwcaps_subdirs.c`
    static let capabilities = [
        "amd64": ["x86-64-v4", "x86-64-v3", "x86-64-v2"], "ppc64le": ["power10", "power9"],
        "s390x": ["z16", "z15", "z14", "z13"],
    ]

    /// The flags that `ldconfig` writes into `ld.so.cache` for libraries of an architecture.
    ///
    /// Source: <https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/generic/ldconfig.h>
    static let cacheFlags: [String: UInt64] = [
        "arm64": 0xa03, "amd64": 0x303, "386": 3, "s390x": 0x403, "riscv64": 0x1003,
    ]
}
