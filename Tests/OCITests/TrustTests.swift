import Archive
import ELF
import Evidence
import TestSupport
import Testing

@testable import OCI

/// Programs that change who runs them: their linker passes by what the environment says (`AT_SECURE`).
@Suite("Programs that change ids") struct TrustTests {
    private static let glibc = "/lib/ld-linux-aarch64.so.1"
    private static let musl = "/lib/ld-musl-aarch64.so.1"

    /// The reasons of the faults of a program in /app/bin, whose library is in /app/lib.
    private static func reasons(
        _ program: ELFBuilder, user: String = "1000", mode: Int = 0o755, owner: (Int, Int) = (0, 0),
        capability: [UInt8]? = nil, library: String = "app/lib/libx.so", place: String = "app/bin/tool"
    ) throws -> [ArtifactFault.Reason?] {
        try EngineLayerTests.inspect(
            [
                { tar in
                    for loader in [glibc, musl] {
                        tar.file(String(loader.dropFirst()), ELFBuilder().bytes, mode: 0o755)
                    }
                    tar.file(library, ELFBuilder().bytes)
                    let ids = [("uid", Array("\(owner.0)".utf8)), ("gid", Array("\(owner.1)".utf8))]
                    tar.pax(ids + (capability.map { [("SCHILY.xattr.security.capability", $0)] } ?? []))
                    tar.file(place, program.bytes, mode: mode)
                }
            ],
            execution:
                #"{"Entrypoint":["/\#(place)"],"User":"\#(user)","Env":["LD_LIBRARY_PATH=/app/lib"]}"#
        ).faults.map(\.reason)
    }

    private static func program(_ loader: String, rpath: String? = nil, runpath: String? = nil) -> ELFBuilder {
        ELFBuilder(interpreter: loader, needed: ["libx.so"], rpath: rpath, runpath: runpath)
    }

    @Test(
        "a library that only LD_LIBRARY_PATH leads to is missing where an id changes, and nowhere else",
        arguments: [
            ("1000", 0o755, 0, 0, false), ("1000", 0o4755, 0, 0, true), ("0", 0o4755, 0, 0, false),
            ("", 0o4755, 0, 0, false), ("", 0o4755, 7, 0, true), ("1000", 0o4755, 1000, 0, false),
            ("1000:5", 0o2755, 0, 5, false), ("1000:5", 0o2755, 0, 6, true), ("", 0o2755, 0, 6, true),
            // Without the group's x bit it is mandatory locking.
            ("1000:5", 0o2745, 0, 6, false),
        ], [glibc, musl])
    func ids(case: (user: String, mode: Int, owner: Int, group: Int, isMissing: Bool), loader: String) throws {
        let reasons = try Self.reasons(
            Self.program(loader), user: `case`.user, mode: `case`.mode, owner: (`case`.owner, `case`.group))
        #expect(reasons == (`case`.isMissing ? [.libraryNotTrusted] : []))
    }

    @Test(
        "capabilities of a file count for everybody but root",
        arguments: [
            ([1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8), "1000", true),
            ([0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8), "1000", true),
            ([1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8), "0", false),
            ([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8), "1000", false),
        ] as [([UInt8], String, Bool)])
    func capabilities(value: [UInt8], user: String, isMissing: Bool) throws {
        let reasons = try Self.reasons(Self.program(Self.glibc), user: user, capability: value)
        #expect(reasons == (isMissing ? [.libraryNotTrusted] : []))
    }

    @Test(
        "$ORIGIN of the program counts only where glibc's own directories have it",
        arguments: [
            (glibc, "$ORIGIN/../lib", "app/bin/tool", "app/lib/libx.so", true),
            (glibc, "/app/lib", "app/bin/tool", "app/lib/libx.so", false),
            (glibc, "${ORIGIN}/../lib:/app/lib", "app/bin/tool", "app/lib/libx.so", false),
            (glibc, "$ORIGIN/private", "usr/lib/tool", "usr/lib/private/libx.so", false),
            (glibc, "$ORIGIN/../../srv", "usr/lib/tool", "srv/libx.so", true),
            (musl, "$ORIGIN/../lib", "app/bin/tool", "app/lib/libx.so", true),
            (musl, "/app/lib", "app/bin/tool", "app/lib/libx.so", false),
            (musl, "/app/lib:$ORIGIN", "app/bin/tool", "app/lib/libx.so", true),
        ])
    func origin(loader: String, path: String, place: String, library: String, isMissing: Bool) throws {
        for program in [Self.program(loader, rpath: path), Self.program(loader, runpath: path)] {
            let reasons = try Self.reasons(program, mode: 0o4755, library: library, place: place)
            #expect(reasons == (isMissing ? [.libraryNotTrusted] : []), "\(path)")
            #expect(try Self.reasons(program, library: library, place: place) == [], "\(path)")
        }
    }

    @Test(
        "a program that must have a capability which engines do not give is not started, by root neither",
        arguments: [
            // cap_net_bind_service, cap_sys_admin, the same without the effective bit, cap_bpf
            (1, [0, 4, 0, 0], [0, 0, 0, 0], nil), (1, [0, 0, 0x20, 0], [0, 0, 0, 0], "cap_sys_admin"),
            (0, [0, 0, 0x20, 0], [0, 0, 0, 0], nil), (1, [0, 4, 0, 0], [0x80, 0, 0, 0], "cap_bpf"),
        ] as [(UInt8, [UInt8], [UInt8], String?)])
    func notGiven(effective: UInt8, low: [UInt8], high: [UInt8], subject: String?) throws {
        let none = [UInt8](repeating: 0, count: 4)
        for user in ["0", "1000"] {
            let faults = try EngineLayerTests.inspect(
                [
                    {
                        $0.pax([("SCHILY.xattr.security.capability", [effective, 0, 0, 2] + low + none + high + none)])
                        $0.file("app/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                    }
                ], execution: #"{"Entrypoint":["/app/tool"],"User":"\#(user)"}"#
            ).faults
            #expect(faults.map(\.reason) == (subject == nil ? [] : [.capabilityNotGiven]))
            #expect(faults.first?.subject == subject)
        }
    }
}
