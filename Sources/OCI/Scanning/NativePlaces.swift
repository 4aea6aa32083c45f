/// Names by which Linux, or a program on it, loads native code.
enum NativePlaces {
    private static let dot = UInt8(ascii: ".")

    /// Whether it is a library, or a language's module: `.node`, `.so`, `.so.1`, `.dylib`.
    static func isLibrary(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        ends(name, ".node") || isSharedObject(name) || ends(name, ".dylib")
    }

    static func isSharedObject(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        let name = Array(name)
        if ends(name, ".so") { return true }
        guard let place = name.firstRange(of: Array(".so.".utf8)) else { return false }
        return name[place.upperBound...].allSatisfy { ($0 >= 0x30 && $0 < 0x3a) || $0 == dot }
    }

    /// Whether it runs only on Windows, or in a runtime of its own: launchers of pip and setuptools, assemblies of
    /// .NET.
    static func isOfWindows(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        [".exe", ".dll", ".com", ".scr", ".efi", ".winmd", ".mui"].contains { ends(name, $0) }
    }

    /// Whether it is an archive that programs load code from, in Java or Python.
    static func isCodeArchive(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        [".jar", ".war", ".ear", ".whl", ".egg", ".zip", ".pyz", ".pex"].contains { ends(name, $0) }
    }

    /// Whether a file is in a place for another system than Linux: `prebuilds/darwin-arm64`, `runtimes/win-x64/native`,
    /// `darwin/arm64`. Only its name and the directories near it say so; far above they are somebody's or something's.
    static func isForOtherSystem(_ path: [UInt8]) -> Bool {
        let names = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let file = names.last else { return false }
        if words(file).contains(where: isSystem) { return true }
        let near = Array(names.dropLast().suffix(nearDirectories + 1))
        for (index, name) in near.enumerated() where index > 0 || names.count <= nearDirectories + 1 {
            let words = words(name)
            guard words.contains(where: isSystem) else { continue }
            // Beside a processor: a platform. Alone: where the next name is a processor, or above is a place for platforms.
            if words.contains(where: processors.contains) { return true }
            guard words.allSatisfy(isSystem) else { continue }
            let isLast = index == near.count - 1
            let next = isLast ? [] : Self.words(near[index + 1])
            if next.contains(where: processors.contains) { return true }
            if isLast, !words.contains(where: shortSystems.contains) { return true }
            if index > 0, platformDirectories.contains(near[index - 1]) { return true }
        }
        return false
    }

    private static func words(_ name: String) -> [String] {
        name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Whether a word is for another system, alone or with a processor behind it: `darwin`, `darwin64`, `macosarm64`.
    private static func isSystem(_ word: String) -> Bool {
        systems.contains(word)
            || systems.contains { word.hasPrefix($0) && processors.contains(String(word.dropFirst($0.count))) }
    }

    /// Whether it is a module of Python or Ruby that was built on another system: `x.cpython-312-darwin.so`,
    /// `x.cp312-win_amd64.pyd`, `x.bundle`.
    static func isModuleOfOther(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        if ends(name, ".pyd") || ends(name, ".bundle") { return true }
        return ends(name, "-darwin.so") && Array(name).firstRange(of: Array(".cpython-".utf8)) != nil
    }

    /// How many directories above a file may say what it is for.
    private static let nearDirectories = 4
    /// These words have other meanings too.
    private static let shortSystems: Set = ["win", "mac", "ios", "apple"]
    private static let systems: Set = [
        "darwin", "macos", "macosx", "windows", "win32", "win64", "mingw", "mingw32", "mingw64", "freebsd", "osx",
        "win", "win10", "mac", "ios", "apple",
    ]
    private static let processors: Set = [
        "x64", "x86", "64", "ia32", "amd64", "arm64", "aarch64", "arm", "universal",
    ]
    private static let platformDirectories: Set = ["prebuilds", "runtimes", "native", "natives"]

    static func ends(_ name: some BidirectionalCollection<UInt8>, _ suffix: String) -> Bool {
        name.count > suffix.utf8.count
            && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) { byte, wanted in
                (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) == wanted
            }
    }

    /// Longer words before those that are a part of them.
    private static let machines = [
        "x86_64", "x86-64", "aarch_64", "aarch64", "amd64", "arm64", "x64", "linux", "armv7l", "armv7", "armv6",
        "armhf", "armel", "arm",
        "x86", "ia32", "i386", "i686", "s390x", "ppc64le", "ppc64", "riscv64", "loongarch64", "loong64", "mips64",
    ]

    /// A path whose names are all without words for a processor.
    static func withoutMachines(_ path: String) -> String {
        path.split(separator: "/").map { withoutMachine(String($0)) }.joined(separator: "/")
    }

    /// The last component of a library's name, without words for a processor.
    static func withoutMachine(_ name: String) -> String {
        var text = String(name.split(separator: "/").last ?? "").lowercased()
        for word in machines {
            text = text.split(separator: word, omittingEmptySubsequences: false).joined()
        }
        return text
    }
}
