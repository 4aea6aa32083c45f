import Glibc
import SystemPackage

/// `ENOEXEC (Exec format error)`: the symbol if it helps a reader, then strerror(3)'s words.
public func errorText(_ error: Int32) -> String {
    let words = Errno(rawValue: error).description
    let symbol: String? =
        switch error {
        case ENOEXEC: "ENOEXEC"
        case ENOENT: "ENOENT"
        case EACCES: "EACCES"
        case EPERM: "EPERM"
        case ENOSPC: "ENOSPC"
        case EINVAL: "EINVAL"
        case ELOOP: "ELOOP"
        case EAGAIN: "EAGAIN"
        case ENOMEM: "ENOMEM"
        case ENOSYS: "ENOSYS"
        case EROFS: "EROFS"
        case ELIBBAD: "ELIBBAD"
        default: nil
        }
    return symbol.map { "\($0) (\(words))" } ?? "\(words) (errno \(error))"
}
