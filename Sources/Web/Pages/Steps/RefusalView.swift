import Application
import Casework
import Kernel

/// What a refused step says on its page: the article, what is missing, who supplies it, and what happened since.
struct RefusalView: Sendable {
    var title: String
    var message: String
    var reasons: [Reason] = []
    /// Entries since the form was drawn, when that is why.
    var since: [String] = []
    /// Nothing was refused yet: the page tells beforehand, and does not interrupt.
    var isForeseen = false

    struct Reason: Sendable {
        let missing: String
        let who: String
        let sources: [ObligationCard.Source]
        let overridableBy: String?
        /// Where this very person may let it pass.
        var overrideHref: String?
    }

    var html: HTML {
        """
        <section class="notice \(isForeseen ? "warning" : "refused")"\(isForeseen ? "" : " role=\"alert\" tabindex=\"-1\" data-focus" as HTML)>
        <h2>\(title)</h2>
        <p>\(message)</p>
        \(reasons.isEmpty ? "" : "<ul class=\"reasons\">\(reasons.html { $0.html })</ul>\n" as HTML)\(since.isEmpty ? "" : "<p>您打开页面以后，本案新增了：</p>\n<ul class=\"since\">\(since.html { "<li>\($0)</li>" })</ul>\n" as HTML)</section>

        """
    }

}

extension RefusalView.Reason {
    /// What is missing, which article says so, and who can help.
    var html: HTML {
        """
        <li><b>\(missing)</b><span class="src">\(sources.enumerated().html { index, source in
            "\(index == 0 ? "" : " · ")\(source.href.map { "<a href=\"\($0)\">\(source.label)</a>" as HTML } ?? "\(source.label)")"
        })</span><span>由\(who)办理。\(overridableBy.map { "确有必要时，\($0)可以说明理由和依据，批准越过。" as String } ?? "")\(overrideHref.map { "<a href=\"\($0)\">批准越过</a>" as HTML })</span></li>

        """
    }

    /// A refusal that was foreseen, for somebody who may be able to lift it.
    init(_ refusal: Refusal, library: RuleLibrary, address: Address, overrideHref: String? = nil) {
        self.init(
            missing: refusal.sentence, who: refusal.suppliers,
            sources: refusal.citations.map { .init(provision: $0.provision, library: library, address: address) },
            overridableBy: refusal.lifters, overrideHref: overrideHref)
    }
}

extension RefusalView {
    /// The view of a refusal; nil when the fields of the form say everything.
    init?(
        _ refusal: StepRefusal, law: Law, work: Case?, names: [ThreadTag: String], address: Address,
        isForeseen: Bool = false
    ) {
        self.isForeseen = isForeseen
        if refusal.code == .invalid, !refusal.fields.isEmpty { return nil }
        title =
            switch refusal.code {
            case .stale: "本案在您填写期间有了变化"
            case .gate: "还不能办理这一步"
            case .notAllowed: "您不能办理这一步"
            case .secretNeeded: "请输入您的密码"
            case .stopped: "没有记录"
            case .unavailable: "暂时不能办理"
            case .fault: "系统出了问题"
            default: "这一步没有办成"
            }
        message = refusal.code == .gate ? "请先补齐下列事项，再来办理。已填内容都还在。" : refusal.message
        reasons = refusal.reasons.map { reason in
            Reason(
                missing: reason.missing, who: reason.who,
                sources: reason.provisions.map {
                    ObligationCard.Source(provision: $0, library: law.library, address: address)
                },
                overridableBy: reason.overridableBy)
        }
        if let work {
            since = refusal.since.compactMap { record in
                // Somebody else's records of just now: nothing of them was looked at.
                EventText(
                    record: record, work: work, names: names, address: address, library: law.library, sight: Sight()
                ).event
                    .map { "\(record.recordedAt.clock) \(record.actor.flatMap { names[$0] } ?? "系统")：\($0.title)" }
            }
        }
    }
}

extension ObligationCard.Source {
    /// A provision as a reader cites it, with the page that explains it.
    init(provision id: String, library: RuleLibrary, address: Address) {
        let text = id.split(separator: ":").first.flatMap { library.newest(String($0))?.regulation }
        let provision = library.provision(id)
        let mark = text?.standing == .parentLaw ? "" : "《\(text?.short ?? "")》"
        self.init(
            label: provision.map { $0.source.map { $0.citation } ?? "\(mark)\($0.article)" } ?? id,
            href: provision == nil ? nil : address.provision(id))
    }
}
