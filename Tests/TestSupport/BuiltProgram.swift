import Glibc
public import SystemPackage

/// The program that was built with these tests, beside their bundle.
public enum BuiltProgram {
    public static let path: FilePath = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
        let bundle = FilePath(String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        // Under `swift test` the process is a helper of the toolchain's, which is given the bundle's path.
        let candidates = [bundle] + CommandLine.arguments.map { FilePath($0) }
        return candidates.map { $0.removingLastComponent().appending("assay") }
            .first { access($0.string, X_OK) == 0 } ?? "assay-was-not-built"
    }()
}
