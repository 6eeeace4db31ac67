import Application
import Kernel
import Ledger

extension NewBureau {
    /// Checks every answer by the rules of the pages that change it later.
    ///
    /// - Throws: `CommandFailure` that names each option that is wrong.
    func check() throws {
        var wrong: [String] = []
        func gather(_ options: [String: String], _ body: () throws(StepRefusal) -> Void) {
            do {
                try body()
            } catch {
                // A letterhead that was not given is the name, of which the same is said already.
                let own = error.fields.filter { $0.name != "letterhead" || letterhead != name }
                wrong += own.map { CommandFailure.told($0, by: options) }
            }
        }
        if SigningKey(generating: origin) == nil || SigningKey(generating: origin + "/receipt") == nil {
            wrong.append("--origin：\(NewBureau.wrongOrigin(origin))")
        }
        let founding = Founding(
            thread: .random(), isDemo: isDemo, name: name, letterhead: letterhead, region: region, superior: superior,
            keys: [], adoptions: [], calendars: [], administrator: administrator)
        gather(["name": "--name", "letterhead": "--letterhead", "region": "--region", "superior": "--superior"]) {
            () throws(StepRefusal) in _ = try founding.names()
        }
        gather(["documentMark": "--mark"]) { () throws(StepRefusal) in
            var form = FormText()
            _ = BureauSettings.checked(mark: mark, &form)
            try form.finish()
        }
        gather(["name": "--administrator", "account": "--account"]) {
            () throws(StepRefusal) in _ = try administrator.facts()
        }
        guard wrong.isEmpty else {
            throw CommandFailure((["没有建立机关，没有留下任何文件。请改好再运行一次："] + wrong.map { "  \($0)" }).joined(separator: "\n"))
        }
    }

    /// What is said of a name that a key cannot carry.
    static func wrongOrigin(_ origin: String) -> String {
        "“\(origin.shownBack)”不能作为记录链名称。请用不含空格和加号的 ASCII 名称，例如 tjj.example.gov.cn/log/qinghe。"
    }
}
