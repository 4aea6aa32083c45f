public import Binfmt
import ELF
public import Evidence
import Files
import Glibc
public import Guest
import Processes
public import Sandbox
public import Synchronization
import SystemPackage

/// Reads the facts of the emulation path. Judges nothing.
public enum HostInspection {
    /// A hash of the host's id. machine-id(5) asks not to show the id itself.
    private static var machineID: String? {
        guard let id = try? WholeFile.read("/etc/machine-id", limit: 4096).prefix(32), id.count == 32 else {
            return nil
        }
        return String(SHA256.hexadecimal(Array("assay".utf8) + id).prefix(16))
    }

    /// The entry of a trial in the host's own registry: the only one that takes this run's programs. Nil: there is no trial.
    public static let onlyEntry = Mutex<String?>(nil)

    /// Leaves the trial's entry alone in the registry, as it would be without the run's marker.
    private static func show(only name: String, in registry: inout Registry) {
        registry.handlers = registry.handlers.filter { $0.name == name }.map { entry in
            guard case .magic(let offset, var magic, let mask) = entry.recognition else { return entry }
            for index in ELFMarker.place where index < magic.count { magic[index] = 0 }
            var entry = entry
            entry.recognition = .magic(offset: offset, magic: magic, mask: mask)
            return entry
        }
    }

    /// Reads the registry, the entry that takes a guest's programs, and its interpreter.
    ///
    /// - Parameter directory: where the registry is mounted.
    public static func read(
        for guest: Guest, registry directory: String = Registry.standardDirectory
    ) -> HostEvidence {
        var host = HostEvidence(
            guest: guest, kernel: "Linux \(KernelNames.release)", machine: KernelNames.machine,
            privileged: isPrivileged(),
            registry: Registry.read(directory: directory))
        if let only = onlyEntry.withLock({ $0 }) { Self.show(only: only, in: &host.registry) }
        host.isRoot = geteuid() == 0
        host.name = KernelNames.node
        host.id = machineID
        host.candidates = InterpreterCandidates.present(for: guest)
        for path in host.candidates { host.candidateFiles[path] = identity(path) }
        host.installCommand = packageManagers(for: guest).first { access($0.program, X_OK) == 0 }?.command
        let handler = host.handler() ?? host.handler(type: .shared)
        host.interpreter = handler?.interpreter.map { interpreter($0, machine: host.machine) }
        host.runner = RunnerInspection.read()
        host.registryAccess = registryAccess(of: host)
        host.securityLabel = RunnerInspection.text("/proc/self/attr/current").flatMap { $0.isEmpty ? nil : $0 }
        return host
    }

    /// Notes what commands of Assay's own need: the program, and whether what they register can come back at boot.
    ///
    /// - Parameter program: Assay's path; nil: nobody knows it.
    public static func note(program: String?, in host: inout HostEvidence) {
        host.program = program
        guard !host.isGuestNative else { return }
        // What would not be registered matters only where nothing is.
        let isMissing = host.handler() == nil
        let boot = BootConfiguration.read(onlyApplied: !isMissing)
        let path = host.candidates.first ?? host.guest.staticEmulator
        let wanted = Handler(for: host.guest, interpreter: path, flags: "POCF")
        // A mask is somebody's decision, which a remedy does not undo.
        let isMasked = boot.entries.contains { entry in
            if case .masked = entry.state { entry.handler.takes(host.guest) } else { false }
        }
        host.persists =
            !isMasked && access(BootConfiguration.systemdDirectories[0], F_OK) == 0
            && boot.registrar(for: wanted, of: host.guest) != nil
        guard isMissing else { return }
        host.bootObstacles =
            boot.registrars.compactMap { registrar in boot.states[registrar].map { "\(registrar.unit): \($0.words)" } }
            + boot.entries.filter { $0.handler.takes(host.guest) && $0.isHidden }.map {
                "\($0.path): \($0.state.words)"
            }
    }

    /// Who may write to the registry. Tries whether another could be had only if it matters: the trial takes a process
    /// or two.
    private static func registryAccess(of host: HostEvidence) -> RegistryAccess {
        if case .unavailable = host.registry.state { return .writable }
        guard access("\(host.registry.directory)/register", W_OK) != 0 else { return .writable }
        switch errno {
        case EROFS: return .readOnly
        case EACCES, EPERM:
            guard host.isRoot else { return .refused }
            guard host.handler() == nil || !(host.handler()?.isFixed ?? false) else {
                return .foreign(own: .impossible(reason: "not tried"))
            }
            return .foreign(own: ownRegistry(host))
        default: return .writable
        }
    }

    private static func ownRegistry(_ host: HostEvidence) -> OwnRegistry {
        guard host.privileged else { return .impossible(reason: "root here lacks CAP_SYS_ADMIN") }
        return PrivateRegistry.refusal().map { .impossible(reason: $0.description) } ?? .possible
    }

    private static func interpreter(_ path: String, machine: String) -> InterpreterEvidence {
        // The registry may name a pipe, which would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        var evidence = InterpreterEvidence(path: path, error: descriptor < 0 ? errno : 0, executable: false)
        defer { if descriptor >= 0 { close(descriptor) } }
        // Execute permission does not need read permission. A shortage, such as ENOMEM, is no refusal.
        evidence.executable = access(path, X_OK) == 0 || ProbeEvidence.isShortage(errno)
        evidence.file = identity(path)
        if let file = evidence.file {
            var status = stat()
            evidence.hasExecuteBit = stat(path, &status) != 0 || status.st_mode & 0o111 != 0
            evidence.noexecMount = RunnerInspection.noexecMount(of: FilePath(file.path))
        }
        guard descriptor >= 0 else { return evidence }
        var first: UInt8 = 0
        guard pread(descriptor, &first, 1, 0) >= 0 else {
            evidence.error = errno
            return evidence
        }
        evidence.script = script(descriptor)
        do {
            let file = try ELFFile(DescriptorBytes(descriptor: descriptor))
            evidence.target = "\(file.header.target)"
            evidence.loader = file.interpreter
            // Compare the machine, not the class: a 64-bit kernel runs 32-bit programs too.
            evidence.isForeign = machines[machine].map { !$0.contains(file.header.machine) } ?? false
        } catch {
            if [.truncated, .malformed].contains(error.code) { evidence.damage = error.description }
        }
        return evidence
    }

    /// The program in the line `#! PROGRAM ARGUMENT` at the beginning of a file, as the kernel reads it; nil for other
    /// files.
    private static func script(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 2, bytes[0] == UInt8(ascii: "#"), bytes[1] == UInt8(ascii: "!") else { return nil }
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        let line = bytes[2..<count].prefix { $0 != UInt8(ascii: "\n") }.drop(while: blanks.contains)
        let name = line.prefix { !blanks.contains($0) && $0 != 0 }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The file that a path resolves to; nil if there is none.
    private static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        guard stat(path, &status) == 0, let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return FileIdentity(
            path: String(cString: resolved), device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// The command that asks the interpreter for its version; nil if it cannot be executed.
    public static func versionLaunch(_ interpreter: InterpreterEvidence, for guest: Guest) -> Launch? {
        versionLaunch(interpreter, named: guest.emulator)
    }

    /// - Parameter name: the program's argv[0]; nil: its own path.
    private static func versionLaunch(_ interpreter: InterpreterEvidence, named name: String? = nil) -> Launch? {
        guard interpreter.error == 0, interpreter.executable else { return nil }
        // QEMU started as …-binfmt-P takes argv[1] for the program's path: resolve the link to its own name.
        let path = realpath(interpreter.path, nil)
        defer { free(path) }
        guard let path else { return nil }
        let own = String(cString: path)
        return Launch(
            path: FilePath(own), arguments: [name ?? own, "--version"], venue: .direct, timeout: .seconds(2))
    }

    /// `7.2.22` from `qemu-ARCH version 7.2.22 (Debian …)`; nil for other output.
    public static func version(of ended: Termination, for guest: Guest) -> String? {
        guard ended.reason == .exited(0) else { return nil }
        let words = ended.output.text.split(whereSeparator: \.isWhitespace)
        guard words.first?.hasPrefix(guest.emulator) == true, let at = words.firstIndex(of: "version") else {
            return nil
        }
        return words[at...].dropFirst().first.map(String.init)
    }

    /// The guest whose emulator a file says that it is when it is asked for its version; nil for other programs, and
    /// for emulators of machines that are no guest.
    public static func guest(ofEmulator path: String) -> Guest? {
        let launch = versionLaunch(
            InterpreterEvidence(path: path, error: 0, executable: access(path, X_OK) == 0))
        guard let launch else { return nil }
        let ended = Supervisor(jobs: 1).run(launch)
        return Guest.all.first { ended.output.text.hasPrefix("\($0.emulator) ") && version(of: ended, for: $0) != nil }
    }

    /// SHA-256 of a file, in lower-case hexadecimal; nil if it cannot be read, or if a signal asks to stop.
    public static func sha256(_ path: String) -> String? {
        guard let opened = try? WholeFile.open(path, in: AT_FDCWD, kind: .regular) else { return nil }
        let file = FileDescriptor(rawValue: opened.value)
        defer { withExtendedLifetime(opened) {} }
        var hash = SHA256()
        return withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 4096) { buffer -> String? in
            while true {
                guard Interrupt.signal == nil, let count = try? file.read(into: buffer) else { return nil }
                if count == 0 { break }
                hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return hash.hexadecimal
        }
    }

    private static func packageManagers(for guest: Guest) -> [(program: String, command: String)] {
        [
            ("/usr/bin/apt-get", "apt-get install -y qemu-user-static"),
            ("/usr/bin/dnf", "dnf install -y qemu-user-static-\(guest.fedoraWord)"),
            ("/usr/bin/zypper", "zypper install -y qemu-linux-user"),
            ("/sbin/apk", "apk add \(guest.emulator)"),
            ("/usr/bin/pacman", "pacman -S --noconfirm qemu-user-static"),
        ]
    }
}
