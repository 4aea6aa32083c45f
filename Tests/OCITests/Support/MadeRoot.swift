import ELF
import TestSupport

/// A root file system at random: a program and libraries that need each other, in directories, by links and by search paths of every kind.
struct MadeRoot {
    /// The same numbers from the same seed.
    struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    static let program = "/app/bin/program"

    private static let names = (0..<6).map { "lib\("abcdef".map(String.init)[$0]).so.1" }
    private static let versions = ["X_1", "X_2", "X_3", "X_4"]
    private static let directories = [
        "lib", "usr/lib", "usr/local/lib", "opt/a", "opt/b", "opt/b/tls", "opt/a/aarch64", "app/bin", "app/lib",
        "opt/lib",
        "opt/aarch64",
    ]
    private static let parts = [
        "", "/opt/a", "/opt/b", "$ORIGIN", "${ORIGIN}/../lib", "$ORIGIN/../a", "$ORIGIN/../b", "/opt/$LIB",
        "/opt/${PLATFORM}", "lib", "/none",
        "/link", "/link/../b", "/opt/a/", "$ORIGINAL/x", "$FOO", "/app/lib",
    ]

    let isMusl: Bool
    /// A shell script that makes what is not a plain file, from within the root.
    private(set) var script = "mkdir -p etc " + directories.joined(separator: " ") + "\nln -s opt/a link\n"
    private(set) var files: [(path: String, bytes: [UInt8])] = []
    /// Of the process that loads.
    private(set) var environment: [String: String] = [:]
    private(set) var runsLdconfig = false
    private var numbers: Numbers

    init(seed: UInt64, isMusl: Bool, interpreter: String) {
        self.isMusl = isMusl
        numbers = Numbers(state: seed)
        var program = file()
        program.interpreter = interpreter
        program.soname = nil
        if program.needed.isEmpty { program.needed = [Self.names[0]] }
        files.append((String(Self.program.dropFirst()), program.bytes))
        for name in Self.names where !chance(8) {
            var places = Self.directories.shuffled(using: &numbers)
            if !isMusl, chance(3) { places.insert("lib/aarch64-linux-gnu", at: 0) }
            for (rank, place) in places.prefix(Int.random(in: 1...3, using: &numbers)).enumerated() {
                add(name, in: place, other: places.last ?? "opt/a", isFirst: rank == 0)
            }
        }
        if chance(3) { environment["LD_LIBRARY_PATH"] = searchPath() }
        if chance(10) { environment["LD_PRELOAD"] = Self.names.randomElement(using: &numbers) }
        if isMusl {
            if chance(2) {
                script += "printf '\(searchPath().replacing("$", with: "\\$"))\\n/lib' > etc/ld-musl-aarch64.path\n"
            }
        } else if chance(2) {
            runsLdconfig = true
            script += "printf '/opt/b\\n/usr/local/lib\\n' > etc/ld.so.conf\n"
        }
    }

    /// What is done once `ldconfig` has run: the cache is older than the rest.
    mutating func later() -> String {
        guard chance(3), let gone = files.dropFirst().randomElement(using: &numbers) else { return "true" }
        return "rm -f '\(gone.path)'"
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &numbers) == 0 }

    private mutating func searchPath() -> String {
        (0..<Int.random(in: 1...3, using: &numbers)).map { _ in Self.parts.randomElement(using: &numbers) ?? "" }
            .joined(separator: ":")
    }

    private mutating func file() -> ELFBuilder {
        var file = ELFBuilder()
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            let name = Self.names.randomElement(using: &numbers) ?? ""
            switch Int.random(in: 0..<14, using: &numbers) {
            case 0: file.needed.append("/opt/a/\(name)")
            case 1: file.needed.append("$ORIGIN/\(name)")
            case 2: file.needed.append("opt/b/\(name)")
            default: file.needed.append(name)
            }
        }
        if chance(3) { file.rpath = searchPath() }
        if chance(3) { file.runpath = searchPath() }
        if chance(2) { file.soname = Self.names.randomElement(using: &numbers) }
        if chance(12) { file.flags.insert(.noDefaultLibraries) }
        if chance(10) {
            file.filtees = [.init(Self.names.randomElement(using: &numbers) ?? "", isOptional: chance(2))]
        }
        if chance(2) { file.versions = ["base"] + Self.versions.shuffled(using: &numbers).prefix(2) }
        for name in Set(file.needed).sorted() where !name.contains("$") && chance(4) {
            let needed = Self.versions.shuffled(using: &numbers).prefix(Int.random(in: 1...2, using: &numbers))
            file.neededVersions.append(.init(library: name, versions: Array(needed)))
        }
        if chance(30) { file.neededVersions.append(.init(library: "libnone.so", versions: ["X_1"])) }
        if chance(4) { file.weakVersions = ["X_1"] }
        return file
    }

    private mutating func add(_ name: String, in place: String, other: String, isFirst: Bool) {
        let path = "\(place)/\(name)"
        var file = file()
        switch Int.random(in: 0..<(isFirst ? 40 : 20), using: &numbers) {
        case 0:
            if !isMusl { file.machine = .amd64 }
            files.append((path, file.bytes))
        case 1:
            files.append(
                (
                    path,
                    Array("no ELF file, but a text that is longer than the header of one would be, all of it\n".utf8)
                ))
        case 2: files.append((path, []))
        case 3: script += "mkdir -p \(path)\n"
        case 4:
            file.type = .executable
            files.append((path, file.bytes))
        case 5:
            file.flags.insert(.program)
            files.append((path, file.bytes))
        case 6:
            // Its dynamic section is beyond the end, and in no page of which there is a part.
            file.padding = 3 << 16
            files.append((path, Array(file.bytes.prefix(1 << 16))))
        case 7: script += "ln -sfn \(name) \(path)\n"
        case 8:
            // glibc ignores a library of the other class. What musl does with one depends on the bytes.
            var bytes = file.bytes
            if !isMusl { bytes[4] = 1 }
            files.append((path, bytes))
        case 9...13:
            files.append(("\(other)/real-\(name)", file.bytes))
            script += "ln -sfn /\(other)/real-\(name) \(path)\n"
        default: files.append((path, file.bytes))
        }
    }
}
