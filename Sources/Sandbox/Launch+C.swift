import CSandbox
import Evidence
import Glibc
import SystemPackage

extension Launch {
    /// Calls `body` with the C form of this launch. Its pointers are valid only during the call.
    func withC<Result>(_ body: (UnsafeMutablePointer<assay_launch>) -> Result) -> Result {
        var strings: [UnsafeMutablePointer<CChar>?] = []
        defer { for string in strings { free(string) } }
        func copy(_ text: String?) -> UnsafeMutablePointer<CChar>? {
            guard let text else { return nil }
            strings.append(strdup(text))
            return strings[strings.count - 1]
        }
        var vector = arguments.map { copy($0) } + [nil]
        var variables = environment.sorted { $0.key < $1.key }.map { copy("\($0.key)=\($0.value)") } + [nil]
        return vector.withUnsafeMutableBufferPointer { vector in
            variables.withUnsafeMutableBufferPointer { variables in
                var request = assay_launch()
                request.path = UnsafePointer(copy(path.string))
                request.argv = UnsafePointer(vector.baseAddress)
                request.envp = UnsafePointer(variables.baseAddress)
                request.cwd = UnsafePointer(copy(directory?.string))
                request.root = UnsafePointer(copy(venue.hasRoot ? root?.string : nil))
                request.writable_root = isRootWritable
                request.namespaces =
                    venue.namespaces | (hasOwnMounts ? ASSAY_NAMESPACE_MOUNT.rawValue : 0)
                    | (hasOwnIPC ? ASSAY_NAMESPACE_IPC.rawValue : 0)
                request.lease_fd = RunDirectory.lease
                request.group_fd = -1
                request.bare = isBare
                request.no_new_privileges = noNewPrivileges
                request.term_grace_ms = Int32(clamping: terminationGrace.components.seconds * 1000)
                if let identity {
                    request.set_identity = true
                    request.uid = identity.uid
                    request.gid = identity.gid
                }
                request.shown_root = UnsafePointer(copy(shown?.root.string))
                request.shown_at = UnsafePointer(copy(shown?.at.string))
                guard let confinement, venue.hasRoot else { return body(&request) }
                request.namespaces = confinement.namespaces(in: venue)
                return confinement.withC { limits in
                    request.confinement = limits
                    return body(&request)
                }
            }
        }
    }
}
