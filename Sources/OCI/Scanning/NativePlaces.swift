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

    /// Whether a name in the path stands for another system than Linux: `prebuilds/darwin-arm64`, `runtimes/win-x64`.
    static func isForOtherSystem(_ path: [UInt8]) -> Bool {
        var parent = ""
        for component in path.split(separator: UInt8(ascii: "/")) {
            let text = String(decoding: component, as: UTF8.self).lowercased()
            if systems.contains(where: text.contains) { return true }
            let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            // These words have other meanings too.
            if words.contains(where: shortSystems.contains),
                words.contains(where: processors.contains) || platformDirectories.contains(parent)
            {
                return true
            }
            parent = text
        }
        return false
    }

    /// Whether it is a module of Python that was built on macOS: `x.cpython-312-darwin.so`.
    static func isMacModule(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        ends(name, "-darwin.so") && Array(name).firstRange(of: Array(".cpython-".utf8)) != nil
    }

    private static let systems = ["darwin", "macos", "windows", "win32", "win64", "mingw", "freebsd", "osx"]
    private static let shortSystems: Set = ["win", "mac", "ios", "apple"]
    private static let processors: Set = ["x64", "x86", "ia32", "amd64", "arm64", "aarch64", "arm", "universal"]
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

    /// The last component of a library's name, without words for a processor.
    static func withoutMachine(_ name: String) -> String {
        var text = String(name.split(separator: "/").last ?? "").lowercased()
        for word in machines {
            text = text.split(separator: word, omittingEmptySubsequences: false).joined()
        }
        return text
    }
}
