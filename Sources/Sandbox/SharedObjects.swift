import CSandbox
import Files
import Glibc

/// Objects that the probes of interprocess communication make outside the run's directory. In `direct` they are the
/// host's, and a killed probe cannot remove its own.
///
/// Each object's name or key holds its process's number (Images/core/probes/ipc.c, ipc-posix.c). An object of this user
/// whose process is gone belongs to nobody.
///
/// Source: <https://man7.org/linux/man-pages/man7/sysvipc.7.html>, <https://man7.org/linux/man-pages/man5/proc_sysvipc.5.html>
public enum SharedObjects {
    /// A key is this number plus the process's, which is below 2^22.
    static let key: Int32 = 0x2940_0000
    private static let processMask: Int32 = 0x3f_ffff

    /// Removes the objects whose processes are gone. Leaves what cannot be listed or removed.
    public static func removeAbandoned() {
        for (place, kind, owner) in [
            ("shm", ASSAY_IPC_SHARED_MEMORY, 7), ("sem", ASSAY_IPC_SEMAPHORES, 4), ("msg", ASSAY_IPC_MESSAGES, 7),
        ] { removeKeyed(in: "/proc/sysvipc/\(place)", kind, owner: owner) }
        for place in ["/dev/shm", "/dev/mqueue"] { removeNamed(in: place) }
    }

    /// - Parameter owner: the index of the field with the owner's id.
    private static func removeKeyed(in list: String, _ kind: assay_ipc_kind, owner: Int) {
        guard let bytes = try? WholeFile.read(list, limit: 4 << 20, heedsStop: false) else { return }
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count > owner, let key = Int32(fields[0]), key & ~processMask == Self.key,
                let id = Int32(fields[1]), uid_t(fields[owner]) == geteuid(), isGone(pid_t(key & processMask))
            else { continue }
            assay_remove_ipc(kind, id)
        }
    }

    private static func removeNamed(in place: String) {
        for name in (try? DirectoryListing.names(in: place)) ?? [] {
            guard name.hasPrefix("assay."), let process = pid_t(name.dropFirst(6)) else { continue }
            let file = "\(place)/\(name)"
            var status = stat()
            guard lstat(file, &status) == 0, status.isRegular, status.st_uid == geteuid(), isGone(process) else {
                continue
            }
            unlink(file)
        }
    }

    private static func isGone(_ process: pid_t) -> Bool { process > 0 && kill(process, 0) != 0 && errno == ESRCH }
}
