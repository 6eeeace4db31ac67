import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Begins a later log after records were lost for good, on the decision of two persons.
struct LedgerNewLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-log", abstract: "较新的记录确实丢失、找不回来时，启用新的账本。",
        discussion: """
            较短的账本从不接着写。新账本有自己的名称和公钥，第一条记录写明旧账本到哪里为止、最后已知的检查点、丢失多少、
            由谁决定；各条记录线在新账本里接着保存下来的最后一条继续。由系统管理员和第二人共同决定，各人输入自己的密码。
            请先确认较新的数据目录和备份确实都找不到了：启用新账本以后，旧账本的密钥即被销毁。
            """)

    @OptionGroup var options: PlaceOptions
    @OptionGroup var decision: DecisionOptions

    @Option(help: ArgumentHelp("机关简称。", valueName: "简称"))
    var bureau: BureauTag

    @Option(help: ArgumentHelp("保存在外面的、最新的检查点文件。", valueName: "文件"))
    var checkpoint: String?

    @Option(help: NextLog.numberRoomHelp)
    var numberRoom: Int?

    @Option(help: ArgumentHelp("记录丢失的经过和决定的理由，登记在案。", valueName: "原因"))
    var reason: String

    func run() async throws {
        try await reporting {
            try decision.requireBoth()
            _ = try await NextLog(
                place: options.place, bureau: bureau, note: try checkpoint.map { try NextLog.note(at: $0) },
                decision: decision, numberRoom: numberRoom, reason: reason
            ).begin()
            print("请立即备份，公布新的公钥，并把它抄在恢复单上。")
        }
    }
}

/// The way from a ledger that lost records to its next log.
struct NextLog {
    let place: ServerPlace
    let bureau: BureauTag
    /// A checkpoint that was kept outside.
    let note: [UInt8]?
    let decision: DecisionOptions
    /// How many documents of each kind may have been issued in what is lost, as the two persons state it.
    let numberRoom: Int?
    let reason: String

    static let numberRoomHelp = ArgumentHelp(
        "丢失的记录里，每种文书最多可能已用去多少个文号：查对已送出的文书和发文登记后填写，这些号留空不再使用。知道最多丢失多少条的，可以不填。",
        valueName: "个数")

    /// Opens what survived, lets both persons sign in, and begins the log.
    ///
    /// - Returns: what was lost.
    func begin() async throws -> LogLoss {
        let premises = try await Premises.open(place, surviving: bureau)
        do {
            let open = try premises.bureau(bureau)
            let there = LedgerDatabase.Place(data: premises.data, lockDirectory: place.lock, bureau: bureau)
            let keys = KeyStore(directory: place.keys, bureau: bureau)
            let loss = try await open.ledger.loss(at: there, keys: keys, checkpoint: note)
            let casebook = open.office.casebook
            for line in NextLog.lines(of: loss.succession) { print(line) }
            for last in try await casebook.lastNumbers(since: loss.succession.gapFrom) {
                print("《\(last.title)》\(last.year) 年最后已知的文号是第 \(last.number) 号。")
            }
            fflush(nil)
            let room = try room(for: loss.succession)
            let persons = try await decision.persons(at: open, premises: premises)
            let head = try await open.ledger.beginNextLog(
                after: loss, at: there, keys: keys, clock: premises.clock
            ) { [reason] key in
                try await casebook.nextLog(
                    loss.succession, previousOrigin: loss.previousOrigin, previousNote: loss.previousNote, key: key,
                    numberRoom: room, reason: reason, command: .random(), by: persons)
            }
            print("第 \(loss.succession.log) 个账本已启用：\(loss.origin)，\(head.size) 条记录，根 \(head.root)")
            print("公钥：\(try keys.logKey(loss.succession.log).verifier)")
            print("文号：每种文书留空 \(room) 个，丢失的记录里可能用过的号不会再发；查清以后，可以在机关设置里把起始号改小。")
            await premises.close()
            return loss
        } catch {
            await premises.close()
            throw error
        }
    }

    static let roomIsNeeded =
        "丢失多少条不得而知，丢失的记录里可能发出过文号，再发一次就会重号。请查对已送出的文书和发文登记，"
        + "用 --number-room 说明每种文书最多可能已用去多少个（宁多勿少），再运行一次。没有启用新账本。"

    /// How many numbers of each kind are left free. Each lost record can have given out one at most.
    private func room(for loss: LogSuccession) throws -> Int {
        if let numberRoom {
            guard (0...50_000).contains(numberRoom) else { throw CommandFailure("--number-room 请填写 0 到 50000 的整数。") }
            return numberRoom
        }
        guard loss.isWholeLoss, let lost = loss.knownLost else {
            throw CommandFailure(NextLog.roomIsNeeded)
        }
        return lost
    }

    /// What is lost, for the two persons who are about to decide.
    private static func lines(of loss: LogSuccession) -> [String] {
        let known: String =
            switch loss.source {
            case .lock: "锁文件记得第 \(loss.previous.log) 个账本曾有 \(loss.previous.size) 条"
            case .checkpoint: "保存在外面的检查点说明第 \(loss.previous.log) 个账本曾有 \(loss.previous.size) 条，也许还有更多"
            case .rotation: "没有丢失记录"
            case .nothing: "没有锁文件，也没有更晚的检查点：丢失多少不得而知"
            }
        return [
            "第 \(loss.surviving.log) 个账本保存下来 \(loss.surviving.size) 条，最后一条在 \(loss.gapFrom.chinese)。",
            "\(known)\(loss.knownLost.map { "：丢失\(loss.isWholeLoss ? "" : "至少") \($0) 条" } ?? "")。",
        ]
    }

    /// Reads a checkpoint file.
    static func note(at path: String) throws -> [UInt8] {
        guard let note = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("读不到检查点文件 \(path)。")
        }
        return Array(note)
    }
}
