"""Where a file of C can be broken, and how. Reads syntax only: a macro's body is C too, and what does not compile is dropped later."""

import hashlib
import re

import tree_sitter
import tree_sitter_c

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))

# What these say or check is not what an emulated program sees.
SILENT = re.compile(r"^(qemu_log.*|gemu_log|trace_\w+|\w*assert\w*|error_\w+|warn_report\w*|f?printf|fputs|perror|print_\w+|perf_\w+|qemu_plugin_\w+"
                    r"|QEMU_BUILD_\w+|LOG_\w+|qemu_spin_\w+)$")
# What these give back is memory of the emulator, or nothing without a debugging build.
RELEASE = re.compile(r"^(g_free|free|g_autofree|g_strfreev|tcg_temp_free\w*|unlock_user\w*|g_array_free|g_string_free|close|fclose|tcg_gen_discard\w*|va_end|va_start)$")
SILENT_CONDITION = re.compile(rb"loglevel|qemu_log|\bunlikely\(TRACE|do_strace|DEBUG|enable_strace")
SILENT_FUNCTION = re.compile(r"^(print_\w+|\w*dump\w*|usage|handle_arg_\w+|\w*_debug\w*|\w*gdb\w*|\w*perf\w*|\w*_log|tcg_context_init.*|\w*stat(istic)?s_\w+|\w*strace\w*)$")
CONSTANT_PLACES = {"array_declarator", "bitfield_clause", "enumerator", "subscript_designator", "sizeof_expression", "offsetof_expression", "alignof_expression",
                   "gnu_asm_expression", "preproc_include", "preproc_if", "preproc_ifdef", "attribute_specifier", "attribute_declaration", "field_designator", "generic_expression"}

NOT_COMPILED = rb"^\s*0\b|TARGET_ABI32|BIG_?ENDIAN|TARGET_(SPARC|MIPS|ALPHA|PPC|I386|M68K|S390X|HPPA|XTENSA|SH4|X86_64|ARM\b)|DEBUG|DUMP|SOFTMMU|TCG_INTERPRETER|TARGET_LONG_BITS == 32|TCG_TARGET_REG_BITS == 32|HOST_LONG_BITS == 32"

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "&": "|", "|": "&", "^": "|"}
SHIFTS = {"<<": ">>", ">>": "<<"}
WIDTHS = {"MO_8": "MO_16", "MO_16": "MO_32", "MO_32": "MO_64", "MO_64": "MO_32", "int8_t": "int16_t", "int16_t": "int32_t", "int32_t": "int16_t", "int64_t": "int32_t",
          "uint8_t": "uint16_t", "uint16_t": "uint8_t", "uint32_t": "uint16_t", "uint64_t": "uint32_t", "abi_ulong": "uint32_t", "abi_long": "int32_t",
          "target_ulong": "uint32_t", "target_long": "int32_t", "size_t": "uint16_t", "int": "int16_t"}
SIGNS = {"int8_t": "uint8_t", "int16_t": "uint16_t", "int32_t": "uint32_t", "int64_t": "uint64_t", "uint8_t": "int8_t", "uint16_t": "int16_t", "uint32_t": "int32_t",
         "uint64_t": "int64_t", "abi_ulong": "abi_long", "abi_long": "abi_ulong", "int": "unsigned", "unsigned": "int"}


class Mutant:
    """One fault: the text between two offsets of a file is replaced, or left out."""

    def __init__(self, file, node_range, line, operator, variant, replacement, function, case, text, statement=False):
        self.file, (self.start, self.end), self.line = file, node_range, line
        self.operator, self.variant, self.replacement = operator, variant, replacement
        self.function, self.case, self.statement = function, case, statement
        self.line_end = line + text.count(b"\n")
        # White space and what stands around are not part of a place: an update of the package moves lines.
        self.digest = hashlib.sha256(b"\0".join([file.encode(), function.encode(), case.encode(), operator.encode(), str(variant).encode(),
                                                 b" ".join(text.split())])).hexdigest()[:16]

    def name(self):
        return "%s:%d %s %s" % (self.file, self.line, self.operator, self.variant)


class Table(Mutant):
    """A row of a table of flags is another row: the flag is not translated."""


def flat(text):
    """On one line: the lines of the original must keep their numbers."""
    return re.sub(rb"\s+", b" ", text.replace(b"\\\n", b" ")).decode()


def one_branch(source):
    """The text with one branch of each condition of the preprocessor, the others blank; which one does not matter much: what is not compiled is never reached."""
    lines, live = source.split(b"\n"), []
    for index, line in enumerate(lines):
        directive = re.match(rb"^\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)", line)
        if directive:
            word, rest = directive.group(1), directive.group(2)
            if word in (b"if", b"ifdef", b"ifndef"):
                live.append([bool(re.search(NOT_COMPILED, rest)) == (word == b"ifndef" or b"!defined" in rest), False])
                live[-1][1] = live[-1][0]
            elif word in (b"elif", b"else") and live:
                live[-1][0] = not live[-1][1]
                live[-1][1] = True
            elif word == b"endif" and live:
                live.pop()
            while lines[index].endswith(b"\\") and index + 1 < len(lines):
                lines[index] = b" " * len(lines[index])
                index += 1
        if directive or not all(branch[0] for branch in live):
            lines[index] = b" " * len(lines[index])
    return b"\n".join(lines)


class Reader:
    def __init__(self, file, source):
        self.file, self.source = file, source
        self.found, self.base = [], 0

    def read(self):
        """Function by function: conditional compilation in one of them must not spoil the reading of the others."""
        begun, text = 0, one_branch(self.source)
        for end in [match.end() for match in re.finditer(rb"^\}(?!.*\\\n).*\n", text, re.MULTILINE)] + [len(text)]:
            self.walk_tree(text[begun:end], begun, "")
            begun = end
        return self.number()

    def number(self):
        """Equal faults of equal texts in one function get a number: the digest tells them apart by it."""
        seen = {}
        for mutant in self.found:
            count = seen[mutant.digest] = seen.get(mutant.digest, 0) + 1
            if count > 1:
                mutant.digest = "%s.%d" % (mutant.digest, count)
        return self.found

    def walk_tree(self, text, base, function):
        outer, self.base = self.base, base
        self.visit(PARSER.parse(text).root_node, text, base, function, "", inside=bool(function))
        self.base = outer

    def text(self, node, text):
        """What stands in the file: in `text`, pasted words are one."""
        return self.source[self.base + node.start_byte:self.base + node.end_byte]

    def add(self, node, text, base, context, operator, variant, replacement, statement=False):
        function, case = context
        start = base + node.start_byte
        if isinstance(replacement, bytes):
            replacement = flat(replacement)
        self.found.append(Mutant(self.file, (start, base + node.end_byte), self.source.count(b"\n", 0, start) + 1, operator, variant, replacement,
                                 function, case, self.source[start:base + node.end_byte], statement))

    def visit(self, node, text, base, function, case, inside):
        """`inside`: of a function's body, where code runs."""
        kind = node.type
        if kind in CONSTANT_PLACES:
            return
        if kind == "preproc_function_def" or (kind == "preproc_def" and node.child_by_field_name("value") is not None):
            self.macro(node, text, base)
            return
        if kind == "function_definition":
            function = self.declared(node, text) or function
            if SILENT_FUNCTION.match(function):
                return
            body = node.child_by_field_name("body")
            if body is not None:
                self.visit(body, text, base, function, case, True)
            return
        if kind == "declaration":
            if inside and b"static" not in self.text(node, text)[:40]:
                for child in node.children:
                    if child.type == "init_declarator":
                        value = child.child_by_field_name("value")
                        if value is not None:
                            self.visit(value, text, base, function, case, inside)
            else:
                self.table(node, text, base)
            return
        if inside:
            if kind == "case_statement":
                value = node.child_by_field_name("value")
                if value is not None and value.type in ("identifier", "number_literal"):
                    case = self.text(value, text).decode()
                for child in node.children:
                    if value is None or child.id != value.id:
                        self.visit(child, text, base, function, case, inside)
                    if child.type in ("identifier", "number_literal") and value is not None and child.id == value.id:
                        continue
                return
            if kind == "call_expression":
                called = self.text(node.child_by_field_name("function"), text).decode()
                if SILENT.match(called) or RELEASE.match(called):
                    return
            if kind == "if_statement" and SILENT_CONDITION.search(self.text(node.child_by_field_name("condition"), text)):
                return
            if not node.has_error:
                self.apply(node, text, base, (function, case))
        sequence_case = case
        for child in node.children:
            # Statements after a label belong to it.
            self.visit(child, text, base, function, sequence_case, inside)
            if child.type == "case_statement":
                value = child.child_by_field_name("value")
                if value is not None and value.type == "identifier":
                    sequence_case = self.text(value, text).decode()

    def declared(self, node, text):
        declarator = node.child_by_field_name("declarator")
        words = re.findall(rb"[A-Za-z_]\w*", self.text(declarator, text).split(b"{")[0]) if declarator is not None else []
        words = [word.decode() for word in words]
        if words and words[0] in ("HELPER", "partsN", "glue", "ADD_TLB") and len(words) > 1:
            return words[1]
        return words[0] if words else ""

    def macro(self, node, text, base):
        value = node.child_by_field_name("value")
        name = self.text(node.child_by_field_name("name"), text).decode()
        if value is None:
            return
        body = self.text(value, text).replace(b"\\\n", b"  ")
        if node.type == "preproc_def" and b";" not in body or SILENT.match(name) or b"##" in body and len(body) < 40:
            return
        # Pasted words are one word here.
        self.walk_tree(body.replace(b" ## ", b"____").replace(b"##", b"__"), base + value.start_byte, name)

    def table(self, node, text, base):
        kind = node.child_by_field_name("type")
        if kind is None or self.text(kind, text) != b"bitmask_transtbl":
            return
        declared = next((child for child in node.children if child.type == "init_declarator"), None)
        if declared is None:
            return
        name = re.match(rb"\w+", self.text(declared, text)).group().decode()
        rows = [child for child in declared.child_by_field_name("value").children if child.type == "initializer_list"]
        rows = [row for row in rows if re.search(rb"[A-Z]", self.text(row, text))]
        for index, row in enumerate(rows):
            start = base + row.start_byte
            self.found.append(Table(self.file, (base + node.start_byte, base + node.end_byte), self.source.count(b"\n", 0, start) + 1, "drop-flag", index,
                                    "%s[%d] = %s[%d];" % (name, index, name, index - 1 if index else len(rows) - 1), name, "", self.text(row, text)))

    def apply(self, node, text, base, context):
        kind = node.type
        if kind == "binary_expression":
            self.binary(node, text, base, context)
        elif kind == "number_literal":
            self.number_literal(node, text, base, context)
        elif kind in ("expression_statement", "break_statement"):
            self.statement(node, text, base, context)
        elif kind == "cast_expression":
            self.cast(node, text, base, context)
        elif kind == "unary_expression":
            value = self.text(node.child_by_field_name("argument"), text)
            operator = self.text(node.child_by_field_name("operator"), text)
            if operator in (b"!", b"~", b"-") and not value.isdigit():
                self.add(node, text, base, context, "drop-unary", operator.decode(), b"(" + (b"!!" if operator == b"!" else b"") + b"(" + value + b"))")
        elif kind == "if_statement":
            self.condition(node, text, base, context)
        elif kind == "call_expression":
            self.call(node, text, base, context)
        elif kind == "identifier":
            self.identifier(node, text, base, context)
        elif kind in ("true", "false"):
            self.add(node, text, base, context, "constant", "other", b"false" if kind == "true" else b"true")
        elif kind == "return_statement":
            value = next((child for child in node.children if child.is_named), None)
            if value is not None and value.type not in ("number_literal", "true", "false"):
                self.add(value, text, base, context, "constant", "return-0", b"0")
        elif kind == "conditional_expression":
            first, second = (self.text(node.child_by_field_name(name), text) if node.child_by_field_name(name) is not None else b"" for name in ("consequence", "alternative"))
            condition = self.text(node.child_by_field_name("condition"), text)
            if first and second:
                self.add(node, text, base, context, "swap-operands", "?:", b"((" + condition + b") ? (" + second + b") : (" + first + b"))")
        elif kind == "assignment_expression":
            operator = self.text(node.child_by_field_name("operator"), text).decode()
            other = {"|=": "&=", "&=": "|=", "+=": "-=", "-=": "+=", "^=": "|=", "<<=": ">>=", ">>=": "<<="}.get(operator)
            if other:
                left, right = (self.text(node.child_by_field_name(name), text) for name in ("left", "right"))
                self.add(node, text, base, context, "arithmetic", operator, left + other.encode() + b"(" + right + b")")

    def binary(self, node, text, base, context):
        left, right = (self.text(node.child_by_field_name(name), text) for name in ("left", "right"))
        operator = self.text(node.child_by_field_name("operator"), text).decode()

        def made(word, first=left, second=right):
            return b"((" + first + b") " + word.encode() + b" (" + second + b"))"

        for other in COMPARISONS.get(operator, ()):
            self.add(node, text, base, context, "comparison", operator + " " + other, made(other))
        if operator in ("&&", "||"):
            self.add(node, text, base, context, "comparison", operator, made("||" if operator == "&&" else "&&"))
            self.add(node, text, base, context, "drop-condition", "left", b"((" + right + b") != 0)")
            self.add(node, text, base, context, "drop-condition", "right", b"((" + left + b") != 0)")
        if operator in ARITHMETIC:
            flags = operator == "|" and re.match(rb"^[A-Z_0-9]+$", right)
            if flags:
                self.add(node, text, base, context, "drop-flag", "right", b"(" + left + b")")
            else:
                self.add(node, text, base, context, "arithmetic", operator, made(ARITHMETIC[operator]))
        if operator in SHIFTS:
            self.add(node, text, base, context, "arithmetic", operator, made(SHIFTS[operator]))
        if operator in ("-", "<<", ">>", "/", "%") and not right.isdigit():
            self.add(node, text, base, context, "swap-operands", operator, made(operator, right, left))

    def number_literal(self, node, text, base, context):
        value = self.text(node, text)
        if node.parent is not None and node.parent.type in ("init_declarator", "assignment_expression") and value == b"0":
            self.add(node, text, base, context, "constant", "0", b"1")
            return
        if re.match(rb"^(0[xX][0-9a-fA-F]+|\d+)[uUlL]*$", value):
            self.add(node, text, base, context, "off-by-one", "+", b"(" + value + b" + 1)")
            if value.rstrip(b"uUlL") not in (b"0", b"1"):
                self.add(node, text, base, context, "off-by-one", "-", b"(" + value + b" - 1)")

    def statement(self, node, text, base, context):
        value = self.text(node, text)
        if node.type == "break_statement":
            if context[1]:
                self.add(node, text, base, context, "fall-through", "", "", statement=True)
            return
        # Calls to what only checks, and what gives memory back, were left out by visit(): but not as a statement.
        called = re.match(rb"^\s*(\w+)\s*\(", value)
        if value.strip() == b";" or called and (SILENT.match(called.group(1).decode()) or RELEASE.match(called.group(1).decode())):
            return
        self.add(node, text, base, context, "drop-statement", "", "", statement=True)

    def cast(self, node, text, base, context):
        kind, value = self.text(node.child_by_field_name("type"), text).decode(), self.text(node.child_by_field_name("value"), text)
        for operator, table in (("wrong-width", WIDTHS), ("wrong-sign", SIGNS)):
            if kind in table:
                self.add(node, text, base, context, operator, kind, b"((" + table[kind].encode() + b")(" + value + b"))")

    def condition(self, node, text, base, context):
        condition = node.child_by_field_name("condition")
        inner = next((child for child in condition.children if child.is_named), None)
        if inner is None or inner.type == "binary_expression":
            return
        self.add(inner, text, base, context, "comparison", "not", b"(!(" + self.text(inner, text) + b"))")

    def call(self, node, text, base, context):
        called = self.text(node.child_by_field_name("function"), text)
        arguments = [child for child in node.child_by_field_name("arguments").children if child.is_named and child.type != "comment"]
        words = [self.text(argument, text) for argument in arguments]
        for index in range(len(words) - 1):
            if words[index] != words[index + 1]:
                swapped = words[:index] + [words[index + 1], words[index]] + words[index + 2:]
                self.add(node, text, base, context, "swap-operands", index, called + b"(" + b", ".join(swapped) + b")")
        for pattern, other, operator in ((rb"(?<=[a-z_])ext(8|16|32)u(?=_)", rb"ext\1s", "wrong-sign"), (rb"(?<=[a-z_])ext(8|16|32)s(?=_)", rb"ext\1u", "wrong-sign"),
                                         (rb"_extu_", b"_ext_", "wrong-sign"), (rb"(?<=_)shri(?=_)", b"sari", "wrong-sign"), (rb"(?<=_)sari(?=_)", b"shri", "wrong-sign"),
                                         (rb"(?<=_)ext32(?=[us]_)", b"ext16", "wrong-width"), (rb"(?<=_)umax(?=_|$)", b"smax", "wrong-sign"), (rb"(?<=_)smin(?=_|$)", b"umin", "wrong-sign"),
                                         (rb"(?<=gen_)add(?=_|$)", b"sub", "arithmetic"), (rb"(?<=gen_)sub(?=_|$)", b"add", "arithmetic"), (rb"(?<=gen_)and(?=_|$)", b"or", "arithmetic"),
                                         (rb"(?<=gen_)andc(?=_|$)", b"and", "arithmetic"), (rb"(?<=gen_)or(?=_|$)", b"xor", "arithmetic")):
            other_name = re.sub(pattern, other, called)
            if other_name != called and b"addi" not in called:
                self.add(node, text, base, context, operator, called.decode(), other_name + b"(" + b", ".join(words) + b")")

    def identifier(self, node, text, base, context):
        word = self.text(node, text).decode()
        if word in WIDTHS and word.startswith("MO_"):
            self.add(node, text, base, context, "wrong-width", word, WIDTHS[word])
        other = {"TCG_COND_LT": "TCG_COND_LE", "TCG_COND_GE": "TCG_COND_GT", "TCG_COND_LTU": "TCG_COND_LT", "TCG_COND_GEU": "TCG_COND_GTU", "TCG_COND_EQ": "TCG_COND_NE",
                 "TCG_COND_NE": "TCG_COND_EQ", "TCG_COND_GT": "TCG_COND_GE", "TCG_COND_LE": "TCG_COND_LT", "PROT_READ": "PROT_NONE", "PROT_WRITE": "PROT_NONE"}.get(word)
        if other:
            self.add(node, text, base, context, "comparison" if word.startswith("TCG") else "drop-flag", word, other)
        if re.match(r"^E[A-Z0-9]{3,}$", word) and node.parent is not None and node.parent.type in ("unary_expression", "assignment_expression", "parenthesized_expression"):
            self.add(node, text, base, context, "constant", word, "EXDEV" if word != "EXDEV" else "EIO")
