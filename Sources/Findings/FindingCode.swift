/// The name of a diagnosis: stable, and what users search for.
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
    case interpreterStale = "interpreter-stale"
    case interpreterKnownBad = "interpreter-known-bad"
    case cpuModelRestricted = "cpu-model-restricted"
    case emulatorEnvironment = "emulator-environment"
    case hostNativeArm64 = "host-native-arm64"
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
    case runnerNoDockerSocket = "runner-no-docker-socket"

    case builderMissing = "builder-missing"
    case builderUnreachable = "builder-unreachable"
    case builderLacksPlatform = "builder-lacks-platform"
    case builderSinglePlatformDriver = "builder-single-platform-driver"
    case builderPlatformsStale = "builder-platforms-stale"
    case builderImageUnavailable = "builder-image-unavailable"
    case builderBuildFailed = "builder-build-failed"
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

    case archiveCorrupt = "archive-corrupt"
    case archiveUnsafePath = "archive-unsafe-path"
    case archiveOverLimit = "archive-over-limit"
    case archiveDuplicateEntry = "archive-duplicate-entry"
    case archiveUnsupportedEntry = "archive-unsupported-entry"

    case checkSlowerThanUsual = "check-slower-than-usual"
    case runnerInterrupted = "runner-interrupted"
}

/// What is known about a code beforehand.
public struct CatalogueEntry: Sendable {
    public var severity: Severity
    /// One line for `assay list findings`.
    public var summary: String
    public var cause: String
    /// How to see it without Assay.
    public var byHand: String
    /// The general remedy; a finding's own names this host's paths.
    public var remedy: String
}

extension FindingCode {
    /// The catalogue's entry.
    public var entry: CatalogueEntry {
        handlerEntry ?? interpreterEntry ?? runnerEntry ?? builderEntry ?? historyEntry ?? artifactEntry
    }
}
