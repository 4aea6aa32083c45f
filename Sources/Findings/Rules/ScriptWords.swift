import Evidence

/// Cause and remedy for a script that the kernel does not start.
struct ScriptWords {
    let fault: ArtifactFault

    private var file: String { fault.culprit ?? fault.path }
    private var quoted: String { shellQuoted(file) }
    private var subject: String { ArtifactFault.shown(fault.subject ?? "") }

    /// Nil for other faults.
    var text: FaultWords.Text? {
        guard let reason = fault.reason else { return nil }
        let named = fault.culpritWithPlace
        switch reason {
        case .carriageReturn:
            return (
                "\(named) has the line ends of Windows (CRLF): its first line is #!\(subject.hasSuffix("\\r") ? subject : subject + "\\r"), and the "
                    + "carriage return is a part of what the kernel hands on or looks for.",
                "convert it: sed -i 's/\\r$//' \(file) before COPY, or as RUN after it in \(fault.instruction); keep it so with the line "
                    + "'\(Self.name(file)) text eol=lf' in .gitattributes"
            )
        case .byteOrderMark:
            return (
                "\(named) begins with a byte order mark (ef bb bf), which editors on Windows write before #!: the kernel finds no #! at its "
                    + "very beginning.",
                "save it as UTF-8 without a mark, or remove the mark: sed -i '1s/^\\xef\\xbb\\xbf//' \(quoted)"
            )
        case .wideCharacters:
            return (
                "\(named) is written in UTF-16, as PowerShell's > does: the kernel, and every shell, finds no #! in it.",
                "convert it: iconv -f UTF-16 -t UTF-8 \(quoted) > NEW, and copy that in its place"
            )
        case .blankBeforeLine:
            return (
                "\(named) has blanks or empty lines before #!, which must be its first two bytes.",
                "remove what stands before #! in \(file) (a heredoc that is indented puts it there: use <<-EOF with tabs)"
            )
        case .noHash:
            return (
                "\(named) begins with !/ where #!/ has to be: a # was lost, as where a shell or a heredoc took it for a comment.",
                "write #! at the very beginning of \(file)"
            )
        case .noInterpreterLine:
            return (
                "\(named) begins neither with #! nor as an ELF file: a shell would read it as a script, the kernel and runtimes do not.",
                "write #!/bin/sh (or its interpreter's path) as the first line of \(file), or name the interpreter: ENTRYPOINT [\"/bin/sh\", \"\(file)\"]"
            )
        case .lfsPointer:
            return (
                "\(named) is a pointer of Git LFS: the repository was checked out without the file itself.",
                "run git lfs pull before the build (lfs: true for actions/checkout), so that COPY gets \(file) itself"
            )
        case .gzipProgram:
            return (
                "\(named) is compressed with gzip: it was downloaded, and never unpacked.",
                "unpack it in \(fault.instruction): gunzip, or tar -xzf for an archive, and put the program at \(file)"
            )
        case .webPage:
            return (
                "\(named) is a page of HTML: the download got an error or a login page in the place of the program.",
                "download \(file) with curl -fL, which fails then, and compare its checksum in \(fault.instruction)"
            )
        case .emptyFile:
            return (
                "\(named) is empty: it was made by touch, or by a step whose output was lost.",
                "write the program into \(file), in \(fault.instruction)"
            )
        case .interpreterNotNamed:
            return (
                "Nothing follows #! in the first line of \(named).", "write the interpreter's path after #!: #!/bin/sh"
            )
        case .interpreterCut:
            return (
                "The interpreter's path in the first line of \(named) does not end within the 255 bytes that the kernel looks at "
                    + "(127 before Linux 5.1); virtual environments below deep directories have such paths.",
                "make the path shorter: a link such as /opt/venv, or #!/usr/bin/env with the directory in PATH"
            )
        case .interpreterMissing:
            return (
                "The first line of \(named) names \(subject), which the image does not have; execve says of the script itself that there is "
                    + "no such file.",
                "install \(subject) in the image, or name an interpreter that it has in the first line of \(file)\(Self.hint(subject))"
            )
        case .interpreterNotExecutable:
            return (
                "The first line of \(named) names \(subject), which nobody may execute.",
                "RUN chmod 755 \(subject), or COPY --chmod=755 where the file comes from"
            )
        case .interpreterNoFile:
            return (
                "The first line of \(named) names \(subject), which is a directory or a device.",
                "write the path of a program after #! in \(file)"
            )
        case .interpreterNotProgram:
            return (
                "The first line of \(named) names \(subject), which is no program and no script: the kernel does not ask a shell to read it.",
                "write #! and its own interpreter as the first line of \(subject), or name a program in \(file)"
            )
        case .interpreterForeign:
            return (
                "The first line of \(named) names \(subject), which is for another architecture than the image.",
                "install \(subject) for the image's platform"
            )
        case .scriptLoop:
            return (
                "\(named) names an interpreter that leads back to it: no program stands at the end, and the kernel gives up with ELOOP.",
                "name a program, not a script that names this one, in the first line of \(file)"
            )
        case .scriptChainTooDeep:
            return (
                "\(named) is a script whose interpreter is a script, and so on, more than five times: the kernel gives up with ELOOP (natively "
                    + "five run, through a binfmt_misc handler four).",
                "name the last interpreter in the first line of \(file)"
            )
        case .envCommandMissing:
            return (
                "The first line of \(named) has env look for \(subject), which is in no directory of the image's PATH.",
                "install \(subject) in the image, or add its directory to ENV PATH\(Self.hint("/" + subject))"
            )
        case .envArguments:
            return (
                "The kernel hands all that follows env in the first line of \(named) on as one word, \"\(subject)\": "
                    + Self.whatEnvDoes(subject),
                "write #!/usr/bin/env -S \(subject) (GNU env 8.30 and later)"
            )
        case .envLoop:
            return (
                "The first line of \(named) gives env no program (#!env \(subject)): env starts the next word that it gets, which is the script "
                    + "itself, again and again.",
                "write the program behind env in the first line of \(file): #!/usr/bin/env sh"
            )
        case .envOption:
            return (
                "The first line of \(named) gives env the option \(subject), which the image's env does not know: it prints its usage and ends. "
                    + "(BusyBox's and toybox's know -, -i, -0 and -u NAME.)",
                "name the interpreter itself in the first line of \(file) (#!/bin/sh -e), or install GNU's env (apk add coreutils)"
            )
        case .envNotExecutable:
            return (
                "\(named) has env start \(subject), and found was \(fault.found).",
                "RUN chmod a+x \(subject), or COPY --chmod=755 where the file comes from, or correct what \(file) has env start"
            )
        case .argumentCut:
            return (
                "The first line of \(named) is longer than the 255 bytes that the kernel looks at: the interpreter gets an argument that ends there.",
                "shorten the line, or set the options in \(file) itself"
            )
        default: return nil
        }
    }

    private static func whatEnvDoes(_ argument: String) -> String {
        if argument.hasPrefix("-") { return "env reads it as options alone, and starts no program by it." }
        return argument.contains("=")
            ? "env takes it for a variable, and starts the script again, without end."
            : "a program of that name is looked for."
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// A hint for an interpreter that small images lack.
    private static func hint(_ interpreter: String) -> String {
        name(interpreter) == "bash" ? " (Alpine has none: RUN apk add bash, or write #!/bin/sh)" : ""
    }
}
