import Casework
import Kernel
import Rulebook

/// A small text that is right, and the library it is read against; tests break one line of it at a time.
enum Sample {
    static let root = String(#filePath.dropLast("/Tests/RulebookTests/Samples.swift".count))

    static let library: RuleLibrary = {
        do {
            return try RuleFiles.load(regulations: "\(root)/Regulations", documents: "\(root)/Documents")
        } catch {
            fatalError("the rule files do not load:\n\(error)")
        }
    }()

    static let text = """
        regulation: sample
        version: 1
        title: 示例办法
        short: 示例办法
        issuer: 示例局
        standing: own
        in-force-from: 2026-01-01
        settings:
          - { name: spare, title: 宽限, default: 3, least: 1, most: 5, source: 示例 }
        groups:
          ending:
            - { record: case.ended, where: { ground: [performed, noPenalty] } }
        provisions:
          - id: "sample:1"
            article: 第一条
            modality: must
            kind: deadline
            summary: 示例
            duties:
              - matter: case-filing
                demand: 归档
                when: { record: case.ended }
                require: { record: case.filed }
                within: { days: 30, from: happened, roll: true }
                lapses: [ending]
                gate: close
                who: custodian
          - id: "sample:2"
            article: 第二条
            modality: aim
            kind: policy
            summary: 示例
            policy: 原则，无从检验
          - id: "sample:3"
            article: 第三条
            modality: may
            kind: record
            summary: 示例
            allows:
              - matter: case-filing
                what: 可以分卷
                when: { record: case.filed, where: { pages: { at-least: { setting: spare } } } }

        """

    /// Reads the text with one part of it replaced.
    static func read(replacing old: String = "", with new: String = "") throws(RuleFileError) -> LoadedRegulation {
        var changed = text
        if let range = text.firstRange(of: old), !old.isEmpty { changed.replaceSubrange(range, with: new) }
        precondition(old.isEmpty || changed != text, "\(old) does not stand in the sample")
        return try RuleFiles.regulation(Array(changed.utf8), file: "sample.yaml", library: library)
    }

    /// What is wrong with it then, as the command prints it.
    static func problems(replacing old: String, with new: String) -> [String] {
        do {
            _ = try read(replacing: old, with: new)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
