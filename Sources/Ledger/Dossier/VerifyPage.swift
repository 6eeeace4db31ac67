import Kernel

/// The page that tells people how to check a dossier (校验说明): made from what is checked, so it is checked by being
/// made anew. The text belongs to formats v1 and v2 and never changes; another text needs another format.
enum VerifyPage {
    /// - Parameter heads: the head of each log of the manifest, in its order; there is at least one.
    static func bytes(_ manifest: DossierManifest, heads: [VerifiedCheckpoint]) -> [UInt8] {
        var text = "案卷校验说明\n\n"
        if manifest.isDemo { text += "【演示】这份案卷来自演示系统，不是真实案件。\n\n" }
        text += "一、要核对的三样东西\n"
        for (number, head) in zip(manifest.logs.map(\.number), heads) {
            if heads.count > 1 { text += "  第 \(number) 个账本\n" }
            text += """
                  账本：\(head.checkpoint.origin)
                  检查点：共 \(head.checkpoint.size) 条记录，根为
                    \(PaperText.grouped(head.checkpoint.root))
                  密钥编号：\(PaperText.grouped(head.key.id))

                """
        }
        if heads.count > 1 {
            text += """
                  本机关的账本不止一个：记录曾经丢失，或者换过密钥。旧账本到上面的检查点为止；是哪一种，丢失多少、
                  在什么时间，由后一个账本的第一条记录（类型 \(DossierVocabulary.logOpened)）说明，校验程序会逐项列出。

                """
        }
        let key = heads.last?.key.description ?? ""
        text += """
              这三样写在案卷自己里面，不能证明自己。请从别处取得公钥，或者取得送达文书上印的根，再来核对。

            二、用本系统的校验程序（不联网）
              liuhen-verify 案卷 --vkey 从别处取得的公钥
              liuhen-verify 案卷 --root 纸上抄来的根
              案卷自称的公钥是：\(key)
              退出码：0 接受；1 拒绝，并列出理由；2 读不了；3 自身完整，但签名人未经证实。

            三、用别人的工具
              1. 文件有无增减改动：sha256sum -c manifest-sha256.txt；bagit.py --validate 案卷
              2. 清单是否被导出记录固定：sha256sum data/dossier.json，结果应等于
                 本案记录线最后一条记录（类型 \(DossierVocabulary.exported)）中 plain 的 manifest。
              3. 一条记录与它的叶：把 liuhen/commit/v1、换行、32 字节盐、骨架依次相接，求 SHA-256，
                 应等于 .leaf 文件中的 commitment。
              4. 一个字段与它的承诺：把 liuhen/field/v1、换行、32 字节盐、值依次相接，求 SHA-256，
                 应等于骨架 fields 中的同名项。

            """
        switch manifest.mode {
        case .compact:
            text += """
                  5. 叶在账本中：任何支持 c2sp.org/tlog-proof@v1 的工具，用 .tlog-proof 文件、.leaf 文件和公钥。
                     简明案卷只能证明“这些记录在账本里”，不能证明账本里没有别的。

                """
        case .complete:
            text += """
                  5. data/ledger 是一个 c2sp.org/tlog-tiles 目录，任何支持它的工具都能重算根，
                     并看到本案各条记录线恰好有这些叶，不多不少。其他案件的叶不含任何人的信息。

                """
        }
        if heads.count > 1 {
            let folders = manifest.laterLogs.map { "data/ledger/log-\($0.number)" }.joined(separator: "、")
            text += "     后来的账本各在自己的目录里：\(folders)。\n"
        }
        text += "\n四、留空不交的内容\n"
        if manifest.withheld.isEmpty { text += "  没有。\n" }
        for item in manifest.withheld {
            let what = item.what == .file ? "文件" : "字段"
            text +=
                "  \(item.place.entry.thread) 第 \(item.place.entry.seq) 条，\(what) \(item.place.field)：\(item.ground)\n"
        }
        return Array(text.utf8)
    }
}
