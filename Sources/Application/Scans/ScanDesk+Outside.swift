import Casework
import Kernel

/// Papers from outside come in by the way of scans: read, straightened, stored, and recorded with what is said of them.
extension ScanDesk {
    /// Takes a paper that others made into a case, in one write.
    ///
    /// - Parameters:
    ///   - scan: what was uploaded; nil where nothing was.
    ///   - document: drawn with the form.
    public func takeIn(
        _ kind: String, _ said: OutsidePapers.Said, scan: ObjectFacts?, as document: DocumentID, in thread: ThreadTag,
        expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let casebook = casebook
        return try await casebook.once(command) { () async throws(StepRefusal) in
            // Whatever would be refused anyway is refused before anything is made.
            let view = try await casebook.load(thread)
            let scene = try await casebook.scene(of: view, for: performer, at: casebook.now)
            let inForce = try await OutsidePapers.require(kind, in: scene)
            var wrong: [StepRefusal.FieldError] = []
            do throws(StepRefusal) { _ = try OutsidePapers.check(said, of: inForce.kind, in: scene) } catch {
                guard !error.fields.isEmpty else { throw error }
                wrong = error.fields
            }
            guard let scan else {
                wrong.append(.init(OutsidePapers.scanField, "请上传这份文书的扫描件或者照片。"))
                throw StepRefusal(fields: wrong)
            }
            guard wrong.isEmpty else { throw StepRefusal(fields: wrong) }
            guard let tool = await tool() else {
                throw StepRefusal(.unavailable, "扫描识别组件没有装好，暂时不能归入。请联系系统管理员。")
            }
            let sheets = try await sheets(of: scan)
            let picture = try await picture(of: sheets.map(\.taken), from: scan)
            // Others may keep the very upload already: an object has one owner and goes with it.
            let original = try await copy(of: scan)
            return try await casebook.perform(
                TakeInPaper(
                    document: document, kind: kind, data: said.data, picture: picture, original: original,
                    sheets: sheets, tool: tool, place: said.place, about: said.about, answered: said.answered,
                    signatures: said.signatures), on: thread, expecting: seq, command: command, by: performer)
        }
    }

    /// The sheets of a paper from outside: every page on which something stands, in the order in which they were sent.
    private func sheets(of scan: ObjectFacts) async throws(StepRefusal) -> [FileScan.Sheet] {
        func refused(_ message: String) -> StepRefusal {
            StepRefusal(fields: [.init(OutsidePapers.scanField, message)])
        }
        let pages: [ScannedPage]
        do throws(ScanRefusal) { pages = try await read(scan) } catch {
            // What is wrong with the file is said beside it; what is wrong with the server is not.
            let refusal = StepRefusal(error)
            throw refusal.code == .unavailable ? refusal : refused(error.message)
        }
        if let broken = pages.first(where: { $0.state == .unreadable }) {
            throw refused("第\(broken.number)页的图像损坏，看不了。请重新扫描后上传。")
        }
        let written = pages.filter { $0.state != .blank }
        guard let first = written.first else { throw refused("上传的文件里全是空白页。请核对后重新扫描。") }
        // Its enclosures may be papers of ours; itself it is none.
        if first.state == .sheet {
            throw refused("第\(first.number)页的页脚有本系统文书的编码，是本机关制作的文书。签名以后的，请从“扫描归件”上传。")
        }
        return written.enumerated().map { index, page in
            .init(page: index + 1, taken: ScanTurn(page: page.number, turn: page.turn))
        }
    }
}
