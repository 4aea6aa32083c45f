/// The name of a diagnosis. It is stable, since users search for it.
public enum FindingCode: String, Sendable, Codable, CaseIterable {
    case binfmtMiscUnavailable = "binfmt-misc-unavailable"
    case binfmtMiscDisabled = "binfmt-misc-disabled"
    case handlerMissing = "handler-missing"
    case handlerDisabled = "handler-disabled"
    case handlerWrongMagic = "handler-wrong-magic"
    case handlerMaskTooStrict = "handler-mask-too-strict"
    case handlerTooBroad = "handler-too-broad"
    case handlerShadowed = "handler-shadowed"
    case handlerNotFixed = "handler-not-fixed"
    case handlerDropsCredentials = "handler-drops-credentials"
    case handlerRewritesArgv0 = "handler-rewrites-argv0"
    case interpreterMissing = "interpreter-missing"
    case interpreterNotExecutable = "interpreter-not-executable"
    case interpreterWrongProgram = "interpreter-wrong-program"
    case interpreterDynamic = "interpreter-dynamic"
    case interpreterNeedsHostFiles = "interpreter-needs-host-files"
    case interpreterStale = "interpreter-stale"
    case interpreterKnownBad = "interpreter-known-bad"
    case cpuModelRestricted = "cpu-model-restricted"
    case emulatorEnvironment = "emulator-environment"
    case hostNative = "host-native-arm64"
    case emulationCrashes = "emulation-crashes"
    case emulationWrongResult = "emulation-wrong-result"
    case emulationHangs = "emulation-hangs"
    case emulationSlow = "emulation-slow"
    case runnerUnprivileged = "runner-unprivileged"
    case runnerUsernsForbidden = "runner-userns-forbidden"
    case runnerCgroupReadonly = "runner-cgroup-readonly"
    case runnerNoexecWorkdir = "runner-noexec-workdir"
    case runnerLimits = "runner-limits"
    case runnerMemoryPolicy = "runner-memory-policy"
    case runnerLargePages = "runner-large-pages"
    case runnerNoDockerSocket = "runner-no-docker-socket"

    case builderMissing = "builder-missing"
    case builderUnreachable = "builder-unreachable"
    case builderLacksPlatform = "builder-lacks-platform"
    case builderSinglePlatformDriver = "builder-single-platform-driver"
    case builderPlatformsStale = "builder-platforms-stale"
    case builderImageUnavailable = "builder-image-unavailable"
    case builderBuildFailed = "builder-build-failed"
    case builderRuntimeFails = "builder-runtime-fails"
    case builderEmbeddedEmulator = "builder-embedded-emulator"
    case builderStorageFails = "builder-storage-fails"
    case builderDeclaresButCannotRun = "builder-declares-but-cannot-run"
    case builderRanNatively = "builder-ran-natively"

    case artifactNotOCI = "artifact-not-oci"
    case artifactPlatformMissing = "artifact-platform-missing"
    case artifactPlatformMismatch = "artifact-platform-mismatch"
    case artifactForeignBinary = "artifact-foreign-binary"
    case artifactDigestMismatch = "artifact-digest-mismatch"
    case artifactSizeMismatch = "artifact-size-mismatch"
    case artifactBlobMissing = "artifact-blob-missing"
    case artifactLoaderMissing = "artifact-loader-missing"
    case artifactEntrypointMissing = "artifact-entrypoint-missing"
    case artifactEntrypointFails = "artifact-entrypoint-fails"
    case artifactVariantInvalid = "artifact-variant-invalid"
    case artifactNotReproducible = "artifact-not-reproducible"
    case artifactScriptChain = "artifact-script-chain"
    case artifactScriptArgument = "artifact-script-argument"
    case artifactPageSize = "artifact-page-size"
    case artifactCompression = "artifact-compression"

    case archiveCorrupt = "archive-corrupt"
    case archiveUnsafePath = "archive-unsafe-path"
    case archiveOverLimit = "archive-over-limit"
    case archiveDuplicateEntry = "archive-duplicate-entry"
    case archiveUnsupportedEntry = "archive-unsupported-entry"

    case checkSlowerThanUsual = "check-slower-than-usual"
    case runnerInterrupted = "runner-interrupted"
}

extension FindingCode {
    /// The catalogue's entry. A new code does not compile without one.
    public var entry: CatalogueEntry {
        switch self {
        case .binfmtMiscUnavailable: .binfmtMiscUnavailable
        case .binfmtMiscDisabled: .binfmtMiscDisabled
        case .handlerMissing: .handlerMissing
        case .handlerDisabled: .handlerDisabled
        case .handlerWrongMagic: .handlerWrongMagic
        case .handlerMaskTooStrict: .handlerMaskTooStrict
        case .handlerTooBroad: .handlerTooBroad
        case .handlerShadowed: .handlerShadowed
        case .handlerNotFixed: .handlerNotFixed
        case .handlerDropsCredentials: .handlerDropsCredentials
        case .handlerRewritesArgv0: .handlerRewritesArgv0
        case .interpreterMissing: .interpreterMissing
        case .interpreterNotExecutable: .interpreterNotExecutable
        case .interpreterWrongProgram: .interpreterWrongProgram
        case .interpreterDynamic: .interpreterDynamic
        case .interpreterNeedsHostFiles: .interpreterNeedsHostFiles
        case .interpreterStale: .interpreterStale
        case .interpreterKnownBad: .interpreterKnownBad
        case .cpuModelRestricted: .cpuModelRestricted
        case .emulatorEnvironment: .emulatorEnvironment
        case .hostNative: .hostNative
        case .emulationCrashes: .emulationCrashes
        case .emulationWrongResult: .emulationWrongResult
        case .emulationHangs: .emulationHangs
        case .emulationSlow: .emulationSlow
        case .runnerUnprivileged: .runnerUnprivileged
        case .runnerUsernsForbidden: .runnerUsernsForbidden
        case .runnerCgroupReadonly: .runnerCgroupReadonly
        case .runnerNoexecWorkdir: .runnerNoexecWorkdir
        case .runnerLimits: .runnerLimits
        case .runnerMemoryPolicy: .runnerMemoryPolicy
        case .runnerLargePages: .runnerLargePages
        case .runnerNoDockerSocket: .runnerNoDockerSocket
        case .builderMissing: .builderMissing
        case .builderUnreachable: .builderUnreachable
        case .builderLacksPlatform: .builderLacksPlatform
        case .builderSinglePlatformDriver: .builderSinglePlatformDriver
        case .builderPlatformsStale: .builderPlatformsStale
        case .builderImageUnavailable: .builderImageUnavailable
        case .builderBuildFailed: .builderBuildFailed
        case .builderRuntimeFails: .builderRuntimeFails
        case .builderEmbeddedEmulator: .builderEmbeddedEmulator
        case .builderStorageFails: .builderStorageFails
        case .builderDeclaresButCannotRun: .builderDeclaresButCannotRun
        case .builderRanNatively: .builderRanNatively
        case .artifactNotOCI: .artifactNotOCI
        case .artifactPlatformMissing: .artifactPlatformMissing
        case .artifactPlatformMismatch: .artifactPlatformMismatch
        case .artifactForeignBinary: .artifactForeignBinary
        case .artifactDigestMismatch: .artifactDigestMismatch
        case .artifactSizeMismatch: .artifactSizeMismatch
        case .artifactBlobMissing: .artifactBlobMissing
        case .artifactLoaderMissing: .artifactLoaderMissing
        case .artifactEntrypointMissing: .artifactEntrypointMissing
        case .artifactEntrypointFails: .artifactEntrypointFails
        case .artifactVariantInvalid: .artifactVariantInvalid
        case .artifactNotReproducible: .artifactNotReproducible
        case .artifactScriptChain: .artifactScriptChain
        case .artifactScriptArgument: .artifactScriptArgument
        case .artifactPageSize: .artifactPageSize
        case .artifactCompression: .artifactCompression
        case .archiveCorrupt: .archiveCorrupt
        case .archiveUnsafePath: .archiveUnsafePath
        case .archiveOverLimit: .archiveOverLimit
        case .archiveDuplicateEntry: .archiveDuplicateEntry
        case .archiveUnsupportedEntry: .archiveUnsupportedEntry
        case .checkSlowerThanUsual: .checkSlowerThanUsual
        case .runnerInterrupted: .runnerInterrupted
        }
    }
}
