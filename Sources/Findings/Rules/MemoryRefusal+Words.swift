import Evidence
import Glibc

extension LimitEvidence.MemoryRefusal {
    var text: String {
        let why =
            if isDeclared { "PR_SET_MDWE: MemoryDenyWriteExecute=yes" } else if let domain {
                "SELinux: \(domain) lacks execmem"
            } else if isFiltered { "a filter of system calls: MemoryDenyWriteExecute=yes on older kernels" } else {
                "a security module"
            }
        return "no memory may be writable and executable here (\(why))"
    }

    var evidence: [String] {
        var lines = [
            "mprotect(PROT_READ | PROT_WRITE | PROT_EXEC) of memory that was written: \(String(cString: strerror(error)))"
        ]
        if isDeclared { lines.append("prctl(PR_GET_MDWE): PR_MDWE_REFUSE_EXEC_GAIN") }
        if let domain { lines.append("/sys/fs/selinux/enforce: 1; /proc/self/attr/current: \(domain)") }
        if isFiltered { lines.append("/proc/self/status: Seccomp: 2") }
        return lines
    }

    /// - Parameters:
    ///   - unit: the systemd unit that this process belongs to; nil if unknown.
    ///   - privileged: whether the caller may change it.
    func remedy(_ unit: String?, privileged: Bool) -> String {
        if !isDeclared, domain != nil {
            return "ausearch -m avc -ts recent | audit2allow -M assay-execmem && semodule -i assay-execmem.pp"
        }
        return ServiceSetting(unit, "MemoryDenyWriteExecute=no")?.command(privileged: privileged)
            ?? "start this runner without PR_SET_MDWE: MemoryDenyWriteExecute=no in its systemd unit, then restart it"
    }
}
