import ELF
import TestSupport
import Testing

/// Swift's dictionaries have another order in each process.
@Suite("A verdict does not depend on the order of a dictionary") struct HashingTests {
    /// Root file systems and images in which there is more than one of something.
    private static let artifacts: [(name: String, make: @Sendable () -> [UInt8])] = [
        (
            "two path files of musl",
            {
                tar {
                    $0.file("lib/ld-musl-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
                    $0.file("etc/ld-musl-aarch64.path", "/opt/lib\n")
                    $0.file("etc/ld-musl-x86_64.path", "/none\n")
                    $0.file("opt/lib/liba.so", ELFBuilder().bytes)
                    program(&$0, "/lib/ld-musl-aarch64.so.1", ["liba.so"])
                }
            }
        ),
        (
            "two linkers, each with its own libraries",
            {
                tar {
                    $0.file("lib/ld-musl-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
                    $0.file("lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
                    $0.file("usr/lib/aarch64-linux-gnu/liba.so", ELFBuilder().bytes)
                    for (place, linker) in [("a", "musl-aarch64"), ("b", "linux-aarch64"), ("c", "musl-x86_64")] {
                        let tool = ELFBuilder(interpreter: "/lib/ld-\(linker).so.1", needed: ["liba.so", "libb.so"])
                        $0.file("\(place)/tool", tool.bytes, mode: 0o755)
                    }
                }
            }
        ),
        (
            "many files that ld.so.conf may include",
            {
                tar {
                    $0.file("lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
                    $0.file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
                    for name in "hgfedcba" {
                        $0.file("etc/ld.so.conf.d/\(name).conf", "/opt/\(name)\n")
                        $0.file("opt/\(name)/liba.so", ELFBuilder().bytes)
                    }
                    program(&$0, "/lib/ld-linux-aarch64.so.1", ["liba.so"])
                }
            }
        ),
        (
            "many foreign programs and broken scripts",
            {
                tar {
                    for name in "hgfedcba" {
                        $0.file("bin/\(name)", LayoutBuilder.binary("amd64"), mode: 0o755)
                        $0.file("sbin/\(name)", "#!/no/\(name)\n", mode: 0o755)
                        $0.hardLink("opt/\(name)", to: "bin/\(name)")
                    }
                }
            }
        ),
        ("an image for two platforms, one of them mislabelled", { layout { $0[1].promisedArchitecture = "arm64" } }),
        ("layers that several engines refuse", { layout { $0[0].layers = [twice(), twice()] } }),
        ("digests of every kind that are wrong", { layout { $0[0].diffIDs = ["sha256:00"] } }),
    ]

    private static func tar(_ make: (inout TarBuilder) -> Void) -> [UInt8] {
        var tar = TarBuilder()
        make(&tar)
        return tar.finished
    }

    private static func program(_ tar: inout TarBuilder, _ interpreter: String, _ needed: [String]) {
        tar.file("bin/tool", ELFBuilder(interpreter: interpreter, needed: needed).bytes, mode: 0o755)
    }

    private static func twice() -> [UInt8] {
        tar {
            for name in ["b", "a", "b", "a"] { $0.file(name, LayoutBuilder.binary("arm64")) }
            $0.hardLink("c", to: "none")
        }
    }

    private static func layout(_ change: (inout [LayoutBuilder.Image]) -> Void) -> [UInt8] {
        var images = ["arm64", "amd64", "riscv64"].map {
            LayoutBuilder.Image(architecture: $0, layers: [LayoutBuilder.layer($0)])
        }
        change(&images)
        var layout = LayoutBuilder()
        for image in images { layout.add(image) }
        layout.finish()
        return layout.archive
    }

    @Test("the same artifact gives the same report in 20 processes", arguments: artifacts.indices)
    func processes(index: Int) throws {
        let scratch = Scratch()
        scratch.write(Self.artifacts[index].make(), to: "artifact.tar")
        var reports: Set<String> = []
        for _ in 0..<20 {
            // The time that it took is another each time.
            let text = scratch.shell(
                "env -u SWIFT_DETERMINISTIC_HASHING '\(BuiltProgram.path)' artifact artifact.tar --format tap | grep -v duration"
            )
            reports.insert(text)
        }
        #expect(
            reports.count == 1 && reports.first?.contains("artifact.contents") == true,
            "\(Self.artifacts[index].name): \(reports)")
    }
}
