import CSandbox
import Evidence
import Glibc

extension Confinement {
    /// The flags of clone(2). With a range of ids the program enters its user namespace last, together with the
    /// namespaces that belong to it, so that the mounts stay the caller's.
    func namespaces(in venue: Venue) -> UInt32 {
        let outer = ASSAY_NAMESPACE_MOUNT.rawValue | ASSAY_NAMESPACE_PID.rawValue
        let inner = ASSAY_NAMESPACE_IPC.rawValue | ASSAY_NAMESPACE_UTS.rawValue | ASSAY_NAMESPACE_NET.rawValue
        return switch identities {
        case .range: outer
        case .host: outer | inner
        case .own: outer | inner | ASSAY_NAMESPACE_USER.rawValue
        }
    }

    /// Calls `body` with the C form. Its pointers are valid only during the call.
    func withC<Result>(_ body: (UnsafePointer<assay_confinement>) -> Result) -> Result {
        let masked = ConfinedRights.masked.map { strdup($0) }
        let readOnly = ConfinedRights.readOnly.map { strdup($0) }
        defer { for path in masked + readOnly { free(path) } }
        func pointers(_ paths: [UnsafeMutablePointer<CChar>?]) -> [UnsafePointer<CChar>?] {
            paths.map { UnsafePointer($0) } + [nil]
        }
        return pointers(masked).withUnsafeBufferPointer { masked in
            pointers(readOnly).withUnsafeBufferPointer { readOnly in
                SystemCallFilter.program.withUnsafeBufferPointer { filter in
                    var limits = assay_confinement()
                    limits.masked = masked.baseAddress
                    limits.read_only = readOnly.baseAddress
                    limits.capabilities = ConfinedRights.capabilityMask
                    limits.no_new_privileges = noNewPrivileges
                    limits.filter = filter.baseAddress
                    limits.filter_length = UInt16(filter.count)
                    if case .range(let range) = identities {
                        (limits.uid, limits.gid, limits.id_count) = (range.uid, range.gid, range.count)
                    }
                    return body(&limits)
                }
            }
        }
    }
}
