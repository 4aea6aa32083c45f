public import ELF
import Processes

extension HostInspection {
    /// Whether this host's processor and kernel execute a machine's programs themselves.
    public static func executes(_ machine: ELFMachine) -> Bool {
        machines[KernelNames.machine]?.contains(machine) ?? false
    }

    /// The machines that each kind of host executes by itself, by `uname -m`.
    static let machines: [String: Set<ELFMachine>] = [
        "x86_64": [.amd64, .i386], "aarch64": [.aarch64, .arm], "riscv64": [.riscv], "ppc64le": [.ppc64],
        "s390x": [.s390],
    ]
}
