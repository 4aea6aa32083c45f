import CFiles
import Glibc

/// Resolves paths below a root with openat(2) alone. Opens each component without following it, and walks a link's text
/// from the link's directory, or from the root if it is absolute. Never passes `..` to the kernel: it walks down again,
/// one component less.
///
/// Unlike the kernel, it follows no link in a proc file system: no call tells which of them are magic.
struct OlderResolution {
    private static let mostLinks = 40
    private static let (dot, dots, slash) = ([UInt8(ascii: ".")], Array("..".utf8), UInt8(ascii: "/"))

    let root: Int32

    /// - Returns: nil on failure, with the reason in `errno`.
    func open(_ path: [UInt8], flags: Int32) -> OwnedDescriptor? {
        guard path.count < Int(PATH_MAX) else { return failed(ENAMETOOLONG) }
        guard !path.isEmpty else { return failed(ENOENT) }
        // A path that ends in a slash names a directory.
        var flags = path.last == Self.slash ? flags | O_DIRECTORY : flags
        var pending = Array(Self.components(path).reversed())
        var walked: [[UInt8]] = []
        var current: OwnedDescriptor?
        var links = 0
        while let name = pending.popLast() {
            if name == Self.dot { continue }
            if name == Self.dots {
                _ = walked.popLast()
                guard let again = directory(walked) else { return nil }
                current = again
                continue
            }
            let place = current?.value ?? root
            let opened = openat(
                name, in: place, pending.isEmpty ? flags : assay_path_only | O_DIRECTORY | O_CLOEXEC)
            let isLink = opened.map { $0.status?.isSymbolicLink == true } ?? (errno == ELOOP || errno == ENOTDIR)
            let number = errno
            if isLink, !pending.isEmpty || flags & O_NOFOLLOW == 0, let target = link(name, in: place) {
                links += 1
                guard links <= Self.mostLinks, !isInProc(name, place) else { return failed(ELOOP) }
                // A link whose text ends in a slash leads to a directory too.
                if pending.isEmpty, target.last == Self.slash { flags |= O_DIRECTORY }
                if target.first == Self.slash { (current, walked) = (nil, []) }
                pending += Self.components(target).reversed()
                continue
            }
            guard let opened else { return failed(number) }
            if pending.isEmpty { return opened }
            walked.append(name)
            current = opened
        }
        // The path ended in the current directory.
        return openat(Self.dot, in: current?.value ?? root, flags)
    }

    /// - Returns: nil on failure, with the reason in `errno`.
    func enter(_ name: [UInt8], flags: Int32) -> OwnedDescriptor? {
        guard let opened = openat(name, in: root, flags) else { return nil }
        return isSameMount(root, opened.value) ? opened : failed(EXDEV)
    }

    /// These are directories, not links: they were walked a moment ago.
    private func directory(_ names: [[UInt8]]) -> OwnedDescriptor? {
        let flags = assay_path_only | O_DIRECTORY | O_CLOEXEC
        var current = openat(Self.dot, in: root, flags)
        for name in names {
            guard let place = current else { return nil }
            current = openat(name, in: place.value, flags)
        }
        return current
    }

    private func openat(_ name: [UInt8], in directory: Int32, _ flags: Int32) -> OwnedDescriptor? {
        OwnedDescriptor(
            opened: CString.with(name) { name in
                SystemError.retrying { Glibc.openat(directory, name, flags | O_NOFOLLOW) }
            })
    }

    private func link(_ name: [UInt8], in directory: Int32) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let text = buffer.baseAddress else { return nil }
            let count = CString.with(name) { readlinkat(directory, $0, text, buffer.count) }
            return count > 0 ? buffer[..<count].map { UInt8(bitPattern: $0) } : nil
        }
    }

    private func isInProc(_ name: [UInt8], _ directory: Int32) -> Bool {
        guard let link = openat(name, in: directory, assay_path_only | O_CLOEXEC) else { return true }
        return assay_is_proc(link.value) != 0
    }

    /// Compares mount ids, from `/proc` if statx(2) has none; devices if neither has.
    private func isSameMount(_ one: Int32, _ other: Int32) -> Bool {
        if let first = mount(one), let second = mount(other) { return first == second }
        var (first, second) = (stat(), stat())
        return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev
    }

    private func mount(_ descriptor: Int32) -> UInt64? {
        let number = assay_mount(descriptor)
        if number != 0 { return number }
        guard let text = try? WholeFile.read("/proc/self/fdinfo/\(descriptor)", limit: 4096, kind: .regular) else {
            return nil
        }
        let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("mnt_id:") }
        return line.flatMap { UInt64($0.drop { !$0.isNumber }) }
    }

    private static func components(_ path: [UInt8]) -> [[UInt8]] { path.split(separator: slash).map(Array.init) }

    private func failed(_ number: Int32) -> OwnedDescriptor? {
        errno = number
        return nil
    }
}
