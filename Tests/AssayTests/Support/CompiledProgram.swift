import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage

/// Static programs of this directory's C files, by the toolchain's own clang.
enum CompiledProgram {
    /// - Parameter options: of the compiler, beside those for warnings.
    /// - Returns: nil where it cannot be compiled here.
    static func bytes(of name: String, options: [String] = ["-static"]) -> [UInt8]? {
        let source = FilePath(#filePath).removingLastComponent().appending(name)
        guard let clang, let scratch = try? ScratchDirectory.make() else { return nil }
        defer { try? TreeRemover.removeTree(scratch) }
        let output = scratch.appending("program")
        let flags = ["-std=c23", "-O1", "-Wall", "-Wextra", "-Werror"] + options
        var launch = Launch(
            path: FilePath(clang), arguments: ["clang"] + flags + [source.string, "-o", output.string], venue: .direct,
            timeout: .seconds(60))
        launch.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"  // where the linker is
        let ended = Supervisor(jobs: 1).run(launch)
        if !ended.errors.text.isEmpty { print("\(name): \(ended.errors.text)") }
        return try? WholeFile.read(output.string, limit: 64 << 20)
    }

    /// Where `ci/images` looks for it too.
    private static let clang: String? = {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        var candidates = [variable("ASSAY_CLANG"), "/opt/swift/usr/bin/clang"].compactMap(\.self)
        for directory in (variable("PATH") ?? "").split(separator: ":") {
            guard let swiftc = realpath("\(directory)/swiftc", nil) else { continue }
            defer { free(swiftc) }
            candidates.append(FilePath(platformString: swiftc).removingLastComponent().appending("clang").string)
        }
        return candidates.first { access($0, X_OK) == 0 }
    }()
}
