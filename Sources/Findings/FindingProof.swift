/// How a finding is proved: by drills, or by something else for a stated reason.
public enum FindingProof: Sendable {
    /// The bytes of `Drills/CODE.json`.
    case drills([UInt8])
    case elsewhere(reason: String)
}

extension FindingCode {
    /// A new code does not compile until it says here how it is proved.
    public var proof: FindingProof {
        switch self {
        case .binfmtMiscUnavailable: .drills(PackageResources.binfmt_misc_unavailable_json)
        case .binfmtMiscDisabled: .drills(PackageResources.binfmt_misc_disabled_json)
        case .handlerMissing: .drills(PackageResources.handler_missing_json)
        case .handlerDisabled: .drills(PackageResources.handler_disabled_json)
        case .handlerWrongMagic: .drills(PackageResources.handler_wrong_magic_json)
        case .handlerMaskTooStrict: .drills(PackageResources.handler_mask_too_strict_json)
        case .handlerTooBroad: .drills(PackageResources.handler_too_broad_json)
        case .handlerShadowed: .drills(PackageResources.handler_shadowed_json)
        case .handlerNotFixed: .drills(PackageResources.handler_not_fixed_json)
        case .handlerDropsCredentials: .drills(PackageResources.handler_drops_credentials_json)
        case .handlerRewritesArgv0: .drills(PackageResources.handler_rewrites_argv0_json)
        case .interpreterMissing: .drills(PackageResources.interpreter_missing_json)
        case .interpreterNotExecutable: .drills(PackageResources.interpreter_not_executable_json)
        case .interpreterWrongProgram: .drills(PackageResources.interpreter_wrong_program_json)
        case .interpreterDynamic: .drills(PackageResources.interpreter_dynamic_json)
        case .interpreterStale: .drills(PackageResources.interpreter_stale_json)
        case .interpreterKnownBad: .drills(PackageResources.interpreter_known_bad_json)
        case .cpuModelRestricted: .drills(PackageResources.cpu_model_restricted_json)
        case .emulatorEnvironment: .drills(PackageResources.emulator_environment_json)
        case .emulationCrashes: .drills(PackageResources.emulation_crashes_json)
        case .emulationWrongResult: .drills(PackageResources.emulation_wrong_result_json)
        case .emulationHangs: .drills(PackageResources.emulation_hangs_json)
        case .emulationSlow: .drills(PackageResources.emulation_slow_json)
        case .runnerUnprivileged: .drills(PackageResources.runner_unprivileged_json)
        case .runnerUsernsForbidden: .drills(PackageResources.runner_userns_forbidden_json)
        case .runnerCgroupReadonly: .drills(PackageResources.runner_cgroup_readonly_json)
        case .runnerNoexecWorkdir: .drills(PackageResources.runner_noexec_workdir_json)
        case .runnerLimits: .drills(PackageResources.runner_limits_json)
        case .runnerNoDockerSocket: .drills(PackageResources.runner_no_docker_socket_json)
        case .runnerMemoryPolicy:
            .elsewhere(
                reason:
                    "vm.* sysctls belong to the whole machine, not to a namespace; Tests/FindingsTests gives the rule its evidence"
            )
        case .hostNativeArm64:
            .elsewhere(
                reason:
                    "uname -m cannot be made to say aarch64 on another machine; Tests/FindingsTests gives the rule its evidence"
            )
        case .artifactNotReproducible:
            .elsewhere(
                reason:
                    "it is about two files, not about a host: Tests/HostTests/ComparisonTests.swift has pairs that differ"
            )
        case .checkSlowerThanUsual:
            .elsewhere(
                reason:
                    "it takes earlier runs to compare with: Tests/HistoryTests records them, and Tests/FindingsTests gives the rule its evidence"
            )
        case .runnerInterrupted:
            .elsewhere(reason: "it takes a signal from outside: Tests/HostTests/InterruptTests.swift sends them")
        default:
            .elsewhere(reason: areaReason)
        }
    }

    private var areaReason: String {
        if rawValue.hasPrefix("builder-") {
            return
                "a builder keeps state that no private registry contains; Tests/BuildersTests has the real tools or their transcripts"
        }
        return "it is about bytes, not about a host: Tests/OCITests and Tests/ArchiveTests make each faulty artifact"
    }
}
