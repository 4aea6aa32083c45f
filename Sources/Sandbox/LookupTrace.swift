import CSandbox
import Glibc

/// Watches the start of a program for files that it looks up in vain.
public enum LookupTrace {
    /// A path that was not found.
    public struct Miss: Sendable, Equatable {
        public var path: String
        /// Looked up for execve(2); else for open(2).
        public var wasExecuted: Bool
    }

    /// Runs the launch's program in its root, traced by ptrace(2), with no input and its output discarded.
    ///
    /// - Parameter launch: a launch in a venue with a root. Its time limit counts in whole seconds.
    /// - Returns: the last absolute paths that the program, or a program that it executed, looked up and did not find,
    ///   in that order.
    /// - Throws: `StartFailure` if it could not be started or traced, or did not end in time.
    public static func run(_ launch: Launch) throws(StartFailure) -> [Miss] {
        var missing = [assay_missing](repeating: assay_missing(), count: Int(ASSAY_MOST_MISSING))
        var count: Int32 = 0
        var stage = ASSAY_STAGE_NONE
        let seconds = UInt32(clamping: max(1, launch.timeout.components.seconds))
        let error = launch.withC { request in
            missing.withUnsafeMutableBufferPointer {
                assay_trace_missing(request, seconds, $0.baseAddress, &count, &stage)
            }
        }
        if error != 0 { throw StartFailure(stage: stage, error: error) }
        return missing.prefix(Int(count)).map { found in
            let path = withUnsafeBytes(of: found.path) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            return Miss(path: path, wasExecuted: found.executed)
        }
    }
}
