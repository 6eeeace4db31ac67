import Casework
import Kernel
import Ledger

/// Takes the sheets of a volume from the vault, each file once.
struct BindingShelf {
    let vault: any EvidenceVault
    var binding = Binding()
    private var known: [ObjectID: Int] = [:]
    private var bytes: Int64 = 0

    init(vault: any EvidenceVault) {
        self.vault = vault
    }

    /// A sheet of the case file: whole, without numbers.
    mutating func add(_ document: CaseDocument, title: String) async throws(StepRefusal) {
        guard let object = document.issue?.object ?? document.fixedObject else { return }
        let count = max(1, document.pages ?? 1)
        guard let file = try await file(object, title, count) else {
            throw StepRefusal(.unavailable, "\(title)的文件在证据库里缺失或者损坏，没有合订。请系统管理员从备份取回。")
        }
        for page in 1...count { binding.sheets.append(.init(.page(page, file: file))) }
    }

    /// A piece with its numbers, or the sheet that stands for it.
    mutating func add(_ piece: VolumePlan.Piece, of part: VolumePlan.Part) async throws(StepRefusal) {
        if let ground = piece.withheld {
            return stand(
                for: piece,
                ["\(part.chinese)没有装订这一件：\(ground)。", "可以查看的人员在系统里单独打开这份文书，每次查看另有记录；打印的，另行保管。"])
        }
        var sheets: [Binding.Sheet] = []
        for (index, page) in piece.pages.enumerated() {
            guard let file = try await file(page.object, piece.title, page.count) else {
                return stand(
                    for: piece, ["\(part.chinese)没有装订这一件：证据库里它的文件已经缺失、损坏或者依法销毁。", "有纸质原件的，请把原件装订在这里。"])
            }
            sheets.append(
                .init(
                    .page(page.page, file: file), number: piece.number("\(piece.first + index)"), note: page.note))
        }
        binding.sheets += sheets
    }

    private mutating func stand(for piece: VolumePlan.Piece, _ lines: [String]) {
        binding.sheets.append(
            .init(
                .words(title: "\(piece.label)　\(piece.title)", lines: lines + ["卷内目录的页号：第 \(piece.range) 页。"]),
                number: piece.number(piece.range)))
    }

    /// The place of a stored file among those to be bound; nil where the vault has lost or destroyed it.
    private mutating func file(_ object: ObjectID, _ name: String, _ pages: Int) async throws(StepRefusal) -> Int? {
        if let place = known[object] { return place }
        do throws(VaultError) {
            let size = try await vault.facts(of: object).byteCount
            guard bytes + size <= Binding.byteLimit, binding.files.count < Binding.fileLimit else {
                throw VaultError(.tooLong, "a volume of more than \(Binding.byteLimit) bytes")
            }
            let content = try await BindingShelf.bytes(of: object, in: vault)
            bytes += size
            binding.files.append(.init(name: name, bytes: content, pages: pages))
        } catch {
            switch error.code {
            case .notFound, .damaged, .gone: return nil
            case .tooLong:
                throw StepRefusal(
                    .outOfOrder,
                    "这一卷的扫描件太多，超过 \(Binding.byteLimit >> 20) MB 或者 \(Binding.fileLimit) 份，不能合成一份 PDF。请逐份打开文书打印。")
            default: throw StepRefusal(error)
            }
        }
        known[object] = binding.files.count - 1
        return binding.files.count - 1
    }

    /// A stored file, whole.
    static func bytes(of object: ObjectID, in vault: any EvidenceVault) async throws(VaultError) -> [UInt8] {
        let size = try await vault.facts(of: object).byteCount
        guard size <= Binding.byteLimit else { throw VaultError(.tooLong, "\(size) bytes") }
        return try await vault.read(object, at: 0, upTo: Int(size))
    }
}
