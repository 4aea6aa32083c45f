import Operations
import Testing

@Suite("Flags of another interpreter") struct WhatIfFlagTests {
    @Test(
        "are without P where the kernel does not tell of it, and the name does not either",
        arguments: [
            ("5.10.0-32-cloud-amd64", "/usr/bin/qemu-aarch64-static", "OCF"),
            ("5.10.0-32-cloud-amd64", "/usr/libexec/qemu-binfmt/aarch64-binfmt-P", "POCF"),
            ("4.19.0", "/q", "OCF"), ("5.11.22+", "/q", "OCF"), ("5.12.0-rc1", "/q", "POCF"), ("6.1.0", "/q", "POCF"),
            ("10.0", "/q", "POCF"), ("odd", "/q", "POCF"),
        ])
    func flags(release: String, interpreter: String, flags: String) {
        #expect(WhatIf.usualFlags(interpreter, release: release) == flags)
    }
}
