/// One place in an artifact that contradicts its platform, its index or its digests.
///
/// The rules choose the finding, its severity and its remedy.
public struct ArtifactFault: Sendable, Equatable {
    /// The kind of contradiction.
    public enum Kind: Sendable, CaseIterable {
        case notOCI
        case platformMissing
        case platformMismatch
        case foreignBinary
        case digestMismatch
        case sizeMismatch
        case blobMissing
        case loaderMissing
        case entrypointMissing
        case variantInvalid
        /// A chain of scripts that runs natively and not under emulation.
        case scriptChain
        /// An argument in a script's first line that does not reach its interpreter as it is meant.
        case scriptArgument
        /// Programs that kernels with larger pages do not load.
        case pageSize
        /// Bytes in another compression than their media type says, which engines take all the same.
        case compression
    }

    /// A closer reason, if cause and remedy differ within the kind.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// `diff_id` is the digest of the compressed bytes.
        case compressedDiffID
        /// The media type says plain tar, and the bytes are compressed.
        case compressedPlainLayer
        /// A compression that some engines cannot read.
        case unusualCompression

        // Of scripts.
        case carriageReturn, byteOrderMark, blankBeforeLine, noHash, wideCharacters, noInterpreterLine, emptyFile
        case interpreterNotNamed, interpreterCut, interpreterMissing, interpreterNotExecutable, interpreterNoFile
        case interpreterNotProgram, interpreterForeign, scriptLoop, scriptChainTooDeep, envCommandMissing, envArguments
        /// The kernel passes on only the beginning of the argument.
        case argumentCut
        // Of programs.
        case foreignFormat, foreignInArchive
        case malformedProgram, programCutShort, entryOutside, notAProgram, otherSystem
        case loaderMissing, loaderNotExecutable, loaderNotProgram, libraryMissing
        /// The linker stops at a file of the library's name that it does not take.
        case libraryUnusable
        /// The library lies where `ld.so.conf` says, and `ld.so.cache` does not list it.
        case libraryNotInCache
        /// A container runtime puts the library into containers.
        case libraryInjected
        // Of entrypoints.
        case entrypointNotThere, entrypointNotInPath, entrypointNotExecutable, entrypointTrailingSlash
        case entrypointNoFile, entrypointEnvMissing, entrypointEmpty
    }

    /// Which layer has a file, and what made it.
    public struct Place: Sendable, Equatable {
        /// Counted from 1, and how many there are.
        public var number, count: Int
        /// The line of the history that made the layer, where the image has one for each.
        public var instruction: String?

        public init(number: Int, count: Int, instruction: String? = nil) {
            self.number = number
            self.count = count
            self.instruction = instruction
        }
    }

    public var kind: Kind
    public var reason: Reason?
    /// A path inside the image (`/usr/bin/tool`) or the name of a document (`index.json`).
    public var path: String
    /// Digest of the layer or blob; nil if the fault concerns none.
    public var layer: String?
    public var place: Place?
    /// The file that has to be mended, if it is another than `path`: an interpreter that is itself a script.
    public var culprit: String?
    /// What the reason is about: an interpreter's path, a library's name.
    public var subject: String?
    /// What the index, platform or specification promises.
    public var expected: String
    /// What was read.
    public var found: String

    /// A carriage return as people write it: as it is, it hides what stands before it.
    public static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar == "\r" { shown += "\\r" } else { shown.unicodeScalars.append(scalar) }
        }
        return shown
    }

    /// In the place of an empty name.
    public static let nameless = "(no name)"

    public init(
        kind: Kind, reason: Reason? = nil, path: String, layer: String? = nil, place: Place? = nil,
        culprit: String? = nil, subject: String? = nil, expected: String, found: String
    ) {
        self.place = place
        self.culprit = culprit
        self.subject = subject
        self.kind = kind
        self.reason = reason
        // What has no name is called so: a report must not begin with a colon.
        self.path = path.isEmpty ? Self.nameless : path
        self.layer = layer
        self.expected = expected
        self.found = found
    }
}
