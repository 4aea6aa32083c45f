extension StringProtocol {
    /// The text in lines of at most `width` characters, broken at blanks. A longer word has a line of its own.
    ///
    /// - Parameter first: how much of the first line is taken already.
    public func wrapped(to width: Int, first: Int = 0) -> [String] {
        var lines: [String] = []
        var line = ""
        var room = width - first
        for word in split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = ""
                room = width
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Up to the first full stop that ends a sentence.
    var firstSentence: String {
        var rest = self[...]
        while let stop = rest.firstIndex(of: ".") {
            let next = index(after: stop)
            // "e.g. this", "7.2.22" and "/etc/binfmt.d" go on.
            if next == endIndex { break }
            if self[next] == " ", let after = self[next...].dropFirst().first, !after.isLowercase {
                return String(self[..<stop])
            }
            rest = self[next...]
        }
        return String(last == "." ? dropLast() : self[...])
    }

    /// It begins with a program's name or path: text to type as it stands, which a line end in its middle would spoil.
    /// Where it goes on with another way, or with a remark, it is a sentence that begins with a command.
    public var isCommand: Bool {
        let words = split(maxSplits: 2, whereSeparator: { $0 == " " || $0.isNewline })
        guard let word = words.first else { return false }
        // "mount the socket", "export or download the artifact again"
        if words.count > 1, ["the", "or"].contains(words[1]) { return false }
        if [", ", "; or ", " (those", " on the host where "].contains(where: { contains($0) }) { return false }
        return word.hasPrefix("/") || commandNames.contains(String(word))
    }
}

private let commandNames: Set<String> = [
    "{", "apk", "apt-get", "assay", "buildah", "chmod", "crictl", "dnf", "docker", "echo", "export", "microdnf",
    "mkdir", "modprobe",
    "mount", "nerdctl", "pacman", "podman", "printf", "sh", "sudo", "sysctl", "systemctl", "ulimit", "umount", "unset",
    "yum", "zypper",
]
