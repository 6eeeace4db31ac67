import ArgumentParser
import Casework
import Kernel
import Rulebook

/// Lists the texts.
struct RegulationList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "列出制度：版本、条款数、施行日期、摘要。")

    @OptionGroup var options: RuleOptions

    @Flag(help: "以 JSON 输出。")
    var json = false

    func run() throws {
        let regulations = try options.library().regulations
        guard !json else {
            return print(try RegulationJSON.written(["regulations": regulations.map(RegulationJSON.head)]))
        }
        for loaded in regulations {
            let text = loaded.regulation
            let standing = text.standing == .parentLaw ? "（上位法）" : ""
            print("\(text.id)  \(text.title)\(standing)")
            print("    第\(text.version)版，\(text.provisions.count) 项，\(text.force)，制定机关：\(text.issuer)")
            print("    SHA-256 \(loaded.digest)")
        }
    }
}

extension Regulation {
    /// From when it is in force, as the text says.
    var force: String {
        guard laws.isEmpty else { return "\(laws.count) 部法律各自从其施行之日起适用" }
        return inForceFrom.map { "自\($0.chinese)起施行" } ?? "文本没有写明施行日期，由机关通过时确定"
    }
}

/// Shows a text or one row: what it says, and what the program does.
struct RegulationShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "显示一部制度，或者一条：说什么，系统做什么。",
        discussion: "例：liuhen regulation show zhaoxian-2017；liuhen regulation show zhaoxian-2017:8b")

    @OptionGroup var options: RuleOptions

    @Argument(help: ArgumentHelp("制度名，或者条款编号。", valueName: "编号"))
    var id: String

    @Flag(help: "以 JSON 输出。")
    var json = false

    func run() throws {
        let library = try options.library()
        let loaded = try text(String(id.prefix { $0 != ":" }), in: library)
        let regulation = loaded.regulation
        guard id.contains(":") else {
            guard !json else { return print(try RegulationJSON.written(RegulationJSON.text(loaded, library))) }
            print("\(regulation.title)（\(regulation.id)，第\(regulation.version)版）")
            print("制定机关：\(regulation.issuer)；\(regulation.force)；SHA-256 \(loaded.digest)")
            for law in regulation.laws {
                let days = law.days.map(\.chinese).joined(separator: "、")
                print("法律 \(law.id)：\(law.title)，施行和修订 \(days)（\(law.copy)）")
            }
            for setting in regulation.settings {
                let range = "\(setting.range.lowerBound)–\(setting.range.upperBound)"
                print("设置 \(setting.name)：\(setting.explained)，默认 \(setting.standard)，可设 \(range)（\(setting.source)）")
            }
            for office in regulation.offices {
                let choices = office.choices.joined(separator: "、")
                print("职位 \(office.name)：\(office.title)，默认 \(office.standard)，可选 \(choices)（\(office.source)）")
            }
            for provision in regulation.provisions { show(provision, of: regulation, library) }
            return
        }
        guard let provision = regulation.provisions.first(where: { $0.id == id }) else {
            throw ValidationError("制度“\(regulation.id)”没有条款“\(id)”。liuhen regulation show \(regulation.id) 列出全部条款。")
        }
        guard !json else {
            return print(try RegulationJSON.written(RegulationJSON.row(provision, of: regulation, library)))
        }
        show(provision, of: regulation, library)
    }

    private func show(_ provision: Provision, of regulation: Regulation, _ library: RuleLibrary) {
        print("")
        print("\(provision.id)  \(provision.article)〔\(provision.modality.chinese)〕")
        print("  \(provision.summary)")
        if let source = provision.source {
            print("  来源：\(source.citation)\(source.confirmed ? "" : "（尚未与正式文本核对）")")
        }
        if let force = provision.force {
            let end = force.until.map { "，到\($0.chinese)为止" } ?? ""
            print("  施行：自\(force.from.chinese)起\(end)")
        }
        if let reason = provision.policyReason { print("  系统不作判断：\(reason)") }
        let kinds = library.kinds.mapValues(\.kind)
        for duty in provision.duties {
            let explanation = DutyExplanation(
                duty, matters: library.matters, kinds: kinds, settings: regulation.settings, offices: regulation.offices
            )
            for (number, sentence) in explanation.sentences.enumerated() {
                print(number == 0 ? "  · \(sentence)" : "    \(sentence)")
            }
            if let level = duty.level { print("    音像记录：\(level.chinese)。") }
        }
        for allowance in provision.allows {
            print("  · 许可：\(allowance.what)\(allowance.level.map { "（音像记录：\($0.chinese)）" } ?? "")。")
        }
        for figure in provision.figures { print("  · 报表指标：\(figure.title)。") }
    }
}
