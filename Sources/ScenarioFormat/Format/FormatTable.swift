import Findings

/// The format as tables in Markdown: the reference part of `docs/scenarios.md`.
public enum FormatTable {
    public static var text: String {
        let shared = ScenarioStep.common.shape
        // Keys that all kinds of steps share are listed once.
        let keys = Set(shared.fields.map(\.key))
        var objects = [Scenario.form.shape, Scenario.Requirements.form.shape, Scenario.Matrix.form.shape, shared]
        objects += ScenarioStep.forms.map(\.shape).map { step in
            ObjectShape(name: step.name, about: step.about, fields: step.fields.filter { !keys.contains($0.key) })
        }
        objects += [Expectation.form.shape, ScenarioStep.Limit.form.shape]
        return objects.map(table).joined(separator: "\n")
    }

    /// The same of configurations: `docs/config.md`.
    public static var configurationText: String {
        [Configuration.form.shape, Allowance.form.shape].map(table).joined(separator: "\n")
    }

    private static func table(_ shape: ObjectShape) -> String {
        var lines = ["### \(shape.name)", shape.about, "", "| key | value | meaning |", "|---|---|---|"]
        lines += shape.fields.map { field in
            "| `\(field.key)`\(field.isRequired ? " (required)" : "") | \(words(field.shape)) | \(field.about) |"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func words(_ shape: Shape) -> String {
        switch shape {
        case .text(let rule):
            guard let words = rule.words, words.count <= 6 else { return rule.name }
            return words.map { "`\($0)`" }.joined(separator: ", ")
        case .integer(let range): return "\(range.lowerBound) to \(range.upperBound)"
        case .number: return "a number above 0"
        case .flag: return "`true`, `false`"
        case .list(let item): return "\(words(item)); one or a list"
        case .map(let value): return "names with \(words(value))"
        case .object(let shape): return "see \(shape.name)"
        case .variant: return "a step"
        }
    }
}
