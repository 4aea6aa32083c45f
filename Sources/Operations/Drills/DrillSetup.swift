import Binfmt
import ELF
import Evidence
import Files
import Findings
import FoundationEssentials
import Glibc
import Guest
import Host
import Sandbox
import ScenarioFormat
import SystemPackage

/// Injects a drill's fault in this process's private namespaces.
struct DrillSetup {
    let drill: Drill
    let work: FilePath
    let cache: FilePath
    /// A program of the guest.
    let program: FilePath
    let host: HostEvidence

    /// A step that cannot be performed on this host.
    struct Failure: Error, CustomStringConvertible {
        let step: Drill.Step
        let reason: String
        var description: String { "\(step.do.rawValue): \(reason)" }
    }

    func apply() throws {
        for step in drill.setup {
            do { try apply(step) } catch let absent as LimitedGroup.Unavailable {
                throw DrillSession.NotHere(description: absent.description)
            } catch let absent as DrillSession.NotHere { throw absent } catch {
                throw Failure(step: step, reason: "\(error)")
            }
        }
    }

    private func apply(_ step: Drill.Step) throws {
        switch step.do {
        case .register: try Registry.register(try rule(step))
        case .registerExtension:
            let rule = ":\(step.name ?? ""):E::\(step.extension ?? "")::\(try interpreter(step)):"
            try write(rule, to: "\(Registry.standardDirectory)/register")
        case .disable: try Registry.setEnabled(try required(step.name, "name"), false)
        case .hideRegistry: try Faults.mountEmpty(on: FilePath(Registry.standardDirectory))
        case .copy: try copy(from: try required(step.from, "from"), to: path(step.to), [:])
        case .copyInterpreter: try copy(from: try emulator(), to: path(step.to), try replacements(step))
        case .script:
            let text = try required(step.text, "text").replacing("@work", with: work.string)
                .replacing("@qemu", with: try emulator())
            let directory = try path(step.to).removingLastComponent().string
            guard access(directory, F_OK) == 0 else {
                throw DrillSession.NotHere(description: "there is no \(directory)")
            }
            try write(text, to: path(step.to).string)
            try changeMode(path(step.to), 0o755)
        case .program: try writeProgram(try HostCode.bytes(of: try required(step.code, "code")), to: path(step.to))
        case .wrapper:
            let code = try HostCode.executing(path(step.from).string, using: step.value ?? 0)
            try writeProgram(code, to: path(step.to))
        case .delete:
            let place = try path(step.path)
            if unlink(place.string) != 0 { throw CallFailure("unlink \(place)", Errno(rawValue: errno)) }
        case .chmod: try changeMode(path(step.path), mode_t(try required(step.mode, "mode")))
        case .sysctl: try write(try required(step.text, "text"), to: try required(step.path, "path"))
        case .mountReadOnly: try Faults.makeReadOnly(path(step.path))
        case .mountNoexec:
            try FileManager.default.createDirectory(atPath: path(step.path).string, withIntermediateDirectories: true)
            try Faults.mountEmpty(on: path(step.path), noexec: true)
        case .deadSocket: try bindAndLeave(path(step.path))
        case .limit:
            try LoweredLimit.set(try required(step.resource, "resource"), to: try required(step.value, "value"))
        case .cgroup:
            let run = work.components.first { $0.string.hasPrefix(RunDirectory.prefix) }?.string
            try LimitedGroup.enter(
                try required(step.resource, "resource"), limit: try required(step.value, "value"),
                name: "\(try required(run, "run"))-drill-\(drill.name)")
        case .countAsUser: try Faults.countAsUser()
        case .systemContainer: try Faults.enterSystemContainer()
        case .dropCapabilities: try Faults.dropCapabilities()
        case .denyWriteExecute: try Faults.denyWriteExecute()
        }
    }

    private func rule(_ step: Drill.Step) throws -> Handler {
        Handler(
            name: step.name ?? host.guest.emulator, interpreter: try interpreter(step), flags: step.flags ?? "POCF",
            magic: try step.magic.map { host.guest.changed(\.magic, as: try bytes($0)) } ?? host.guest.magic,
            mask: try step.mask.map { host.guest.changed(\.mask, as: try bytes($0)) } ?? host.guest.mask)
    }

    private func bytes(_ hexadecimal: String) throws -> [UInt8] {
        guard let bytes = Handler.bytes(hexadecimal: hexadecimal) else { throw Errno.invalidArgument }
        return bytes
    }

    private func interpreter(_ step: Drill.Step) throws -> String {
        let text = step.interpreter ?? "@qemu"
        switch text {
        case "@qemu", "@plain-qemu": return try emulator()
        case "@guest-program": return program.string
        default: return path(text).string
        }
    }

    /// The path of the host's static emulator, with links resolved.
    private func emulator() throws -> String {
        guard let candidate = host.candidates.first, let resolved = realpath(candidate, nil) else {
            throw Errno.noSuchFileOrDirectory
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func path(_ text: String?) throws -> FilePath { path(try required(text, "path")) }

    private func path(_ text: String) -> FilePath {
        for (name, place) in [("@work", work), ("@cache", cache), ("@tmp", ScratchDirectory.parent)]
        where text.hasPrefix(name) {
            let rest = text.dropFirst(name.count).drop { $0 == "/" }
            return rest.isEmpty ? place : place.appending(String(rest))
        }
        return FilePath(text)
    }

    private func required<Value>(_ value: Value?, _ key: String) throws -> Value {
        guard let value else { throw UnknownName(kind: "drill key", name: key, known: []) }
        return value
    }

    /// Byte strings of the emulator, and their replacements of equal length in the copy.
    private func replacements(_ step: Drill.Step) throws -> [[UInt8]: [UInt8]] {
        var replacements: [[UInt8]: [UInt8]] = [:]
        if let version = step.version,
            let launch = HostInspection.versionLaunch(
                InterpreterEvidence(path: try emulator(), error: 0, executable: true), for: host.guest)
        {
            let ended = Supervisor(jobs: 1).run(launch)
            guard let own = HostInspection.version(of: ended, for: host.guest), own.count >= version.count else {
                throw Errno.notSupported
            }
            // "8.0.0" for "7.2.22" becomes "8.0.00", which is the same version.
            let padded = version + String(repeating: "0", count: own.count - version.count)
            replacements[Array("version \(own)".utf8)] = Array("version \(padded)".utf8)
        }
        if let machine = step.machine {
            let own = host.guest.machine
            replacements[Array("\(own)\0".utf8)] = Array((machine + own).utf8.prefix(own.utf8.count)) + [0]
        }
        return replacements
    }

    /// Writes a new file and renames it into place, so that a program running from the old file keeps it.
    private func copy(from: String, to: FilePath, _ replacements: [[UInt8]: [UInt8]]) throws {
        var bytes = try WholeFile.read(from, limit: 256 << 20)
        for (old, new) in replacements {
            let places = bytes.places(of: old)
            guard !places.isEmpty else { throw Errno.noSuchFileOrDirectory }
            for place in places { bytes.replaceSubrange(place..<place + new.count, with: new) }
        }
        let fresh = FilePath(to.string + ".new")
        try WholeFile.write(bytes, to: fresh, .any, permissions: .ownerReadWriteExecute)
        try changeMode(fresh, 0o755)
        if rename(fresh.string, to.string) != 0 { throw CallFailure("rename \(fresh)", Errno(rawValue: errno)) }
    }

    /// Writes an ELF header, one program header and the code, loaded at 4 MiB. The kernel needs no more.
    private func writeProgram(_ code: [UInt8], to path: FilePath) throws {
        let headers = ELFHeader.size + 56
        var bytes = Guest.native.header()
        func store(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
        }
        store(0x400000 + UInt64(headers), 8, at: 24)  // e_entry
        store(UInt64(ELFHeader.size), 8, at: 32)  // e_phoff
        store(UInt64(ELFHeader.size), 2, at: 52)  // e_ehsize
        store(56, 2, at: 54)  // e_phentsize
        store(1, 2, at: 56)  // e_phnum
        bytes += [UInt8](repeating: 0, count: 56) + code
        store(1, 4, at: 64)  // PT_LOAD
        store(5, 4, at: 68)  // readable, executable
        store(0x400000, 8, at: 80)  // p_vaddr
        store(UInt64(bytes.count), 8, at: 96)  // p_filesz
        store(UInt64(bytes.count), 8, at: 104)  // p_memsz
        store(4096, 8, at: 112)  // p_align
        try WholeFile.write(bytes, to: path, .any, permissions: .ownerReadWriteExecute)
        try changeMode(path, 0o755)
    }

    private func changeMode(_ path: FilePath, _ mode: mode_t) throws {
        if Glibc.chmod(path.string, mode) != 0 { throw CallFailure("chmod \(path)", Errno(rawValue: errno)) }
    }

    private func write(_ text: String, to path: String) throws {
        try WholeFile.write(text.utf8, to: FilePath(path), path.hasPrefix("/proc") ? .present : .any)
    }

    private func bindAndLeave(_ path: FilePath) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CallFailure("socket", Errno(rawValue: errno)) }
        defer { close(descriptor) }
        // A socket address holds 107 bytes, and a path below TMPDIR may be longer: bind by the directory's descriptor.
        let parent = path.removingLastComponent()
        let directory = open(parent.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw CallFailure("open \(parent)", Errno(rawValue: errno)) }
        defer { close(directory) }
        let address = try LocalAddress("/proc/self/fd/\(directory)/\(path.lastComponent?.string ?? "")")
        guard address.with({ bind(descriptor, $0, $1) }) == 0 else {
            throw CallFailure("bind \(path)", Errno(rawValue: errno))
        }
    }
}

extension [UInt8] {
    /// The indices of all occurrences of a byte string.
    fileprivate func places(of other: [UInt8]) -> [Int] {
        guard let first = other.first, count >= other.count else { return [] }
        return withUnsafeBufferPointer { bytes in
            (0...(bytes.count - other.count)).filter { start in
                bytes[start] == first && bytes[start..<start + other.count].elementsEqual(other)
            }
        }
    }
}
