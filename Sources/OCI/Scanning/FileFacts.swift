public import ELF

/// What the contents of a regular file in an image say about the machine that it needs.
public enum FileFacts: Sendable, Equatable {
    case elf(ELFFacts)
    /// It begins like an ELF file, but its header cannot be read.
    case brokenELF(ELFError)
    /// It begins with `#!`.
    case script(ScriptFacts)
    /// Native code that Linux does not load, where it would be loaded.
    case foreignFormat(ForeignFormat)
    /// An archive out of which programs load code.
    case codeArchive(CodeArchiveFacts)
    /// An executable file in which the kernel finds no `#!` at the very beginning, though something stands there that looks like it.
    case text(TextFacts)
    /// A static library: the targets of the objects in it, each with the name of the first object that has it.
    case library([LibraryMember])
}

extension FileFacts {
    /// What an archive out of which programs load code holds, be it behind a script.
    var archive: CodeArchiveFacts? {
        switch self {
        case .codeArchive(let facts): facts
        case .script(let facts): facts.archive
        case .elf, .brokenELF, .foreignFormat, .text, .library: nil
        }
    }

    /// What a text takes beside its bytes: its value, the allocation's head, and rounding up.
    private static let stringOverhead = 80
    /// What the facts themselves take in an array, which grows by doubling.
    private static let ownBytes = 2 * MemoryLayout<FileFacts>.stride

    /// About how much memory they take, in bytes.
    var byteCount: Int { Self.ownBytes + textBytes }

    private var textBytes: Int {
        func size(_ texts: [String]) -> Int { texts.reduce(0) { $0 + $1.utf8.count + Self.stringOverhead } }
        switch self {
        case .elf(let facts):
            let loader = facts.loader.map { size($0.texts) } ?? 0
            guard let dynamic = facts.dynamic else { return loader }
            return loader + size(dynamic.needed) + size([dynamic.rpath, dynamic.runpath].compactMap(\.self))
        case .brokenELF, .text, .foreignFormat: return 0
        case .codeArchive(let facts): return size(facts.texts)
        case .script(let facts): return size([facts.interpreter, facts.argument ?? ""] + (facts.archive?.texts ?? []))
        case .library(let members): return size(members.map(\.name))
        }
    }
}

/// What is kept of an ELF file.
public struct ELFFacts: Sendable, Equatable {
    public var target: ELFTarget
    public var type: ELFType
    /// The program that starts this one: `PT_INTERP`.
    public var interpreter: String?
    /// What the dynamic linker is told; nil for static programs, objects, and files whose dynamic section is malformed.
    public var dynamic: ELFDynamic?
    /// What keeps Linux from running it as a program: a library need not be one, nor a file of debugging information.
    public var defect: ProgramDefect?
    /// The system other than Linux that it is for.
    public var otherSystem: String?
    /// The smallest alignment of a segment that is loaded, in bytes.
    public var loadAlignment: UInt64?
    /// What a dynamic linker looks for by itself, where the file is one.
    public var loader: LoaderFacts?

    public init(target: ELFTarget, type: ELFType, interpreter: String? = nil, dynamic: ELFDynamic? = nil) {
        self.target = target
        self.type = type
        self.interpreter = interpreter
        self.dynamic = dynamic
    }
}

/// The first line of a script, as Linux reads it.
public struct ScriptFacts: Sendable, Equatable {
    /// Why the kernel does not take the line: `ENOEXEC`.
    public enum Flaw: Sendable {
        /// Nothing but blanks follows `#!`.
        case noInterpreter
        /// The interpreter's path does not end in the part of the line that the kernel looks at.
        case interpreterCut
    }

    /// The path after `#!`, with the carriage return that a line of Windows ends in.
    public var interpreter: String
    /// What follows it, which the kernel passes on as one argument.
    public var argument: String?
    public var flaw: Flaw?
    /// The archive that follows the script, where programs load code out of it.
    public var archive: CodeArchiveFacts?
    /// The line goes on behind what the kernel looks at, and so does the argument.
    public var isArgumentCut = false
}

/// What an executable file begins with that is no program.
public enum TextFacts: Sendable {
    case empty
    /// UTF-8's mark before `#!`.
    case byteOrderMark
    /// UTF-16.
    case wideCharacters
    /// Blanks or empty lines before `#!`.
    case blankFirst
    /// `!/` in the place of `#!`
    case noHash
}

public struct LibraryMember: Sendable, Equatable {
    public var name: String
    public var target: ELFTarget
}
