import Glibc
import SystemPackage

/// The system's own programs.
public enum SystemTool {
    /// Runs a command; true when it succeeds.
    public static func shell(_ command: String) -> Bool {
        system(command) == 0
    }

    public static func output(_ command: String) -> [UInt8] {
        guard let stream = popen(command, "re") else { return [] }
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The output of a filter such as `gzip -nc` for the bytes.
    public static func filter(_ bytes: [UInt8], through command: String) -> [UInt8] {
        let scratch = Scratch()
        let file = scratch.write(bytes, to: "input")
        return output("(\(command)) < '\(file)'")
    }
}
