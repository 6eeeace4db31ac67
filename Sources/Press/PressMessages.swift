import Application
import Kernel

/// What is asked of the worker: a frame that says it, and the frames that follow.
protocol WorkerRequest: Sendable {
    /// The body of the request frame.
    func body(id: Int64) -> [UInt8]
    /// What follows it, a frame each.
    var inputs: [[UInt8]] { get }
    /// How long the answer may take.
    func patience(_ limits: PressLimits) -> Duration
}

/// A document to be printed.
struct PressRequest: WorkerRequest {
    enum Output: Sendable {
        case pdf
        case pages(scale: Double)
    }

    let template: TemplateName
    let data: JSON
    let date: CivilDay
    let output: Output

    var inputs: [[UInt8]] { [] }

    func patience(_ limits: PressLimits) -> Duration { limits.answer }

    func body(id: Int64) -> [UInt8] {
        var members: [JSON.Member] = [
            .init("id", .integer(id)), .init("template", .string(template.description)), .init("data", data),
            .init("date", .string(date.description)),
        ]
        switch output {
        case .pdf:
            members.append(.init("output", "pdf"))
        case .pages(let scale):
            // Canonical JSON has no fractions: thousandths of a pixel per point, between a thumbnail and a poster.
            let bounded = scale.isFinite ? min(max(scale, 0.1), 6) : 1
            members.append(.init("output", "png"))
            members.append(.init("scale", .integer(Int64(bounded * 1000))))
        }
        return JSON.object(members).canonicalBytes
    }
}

/// Sheets to be bound.
struct BindingRequest: WorkerRequest {
    let binding: Binding
    let date: CivilDay

    var inputs: [[UInt8]] { binding.files.map(\.bytes) }

    func patience(_ limits: PressLimits) -> Duration { limits.binding }

    func body(id: Int64) -> [UInt8] {
        let files = binding.files.map { file -> JSON in
            ["name": .string(file.name), "pages": .integer(Int64(file.pages))]
        }
        let sheets = binding.sheets.map { sheet -> JSON in
            var members: [JSON.Member]
            switch sheet.face {
            case .page(let page, let file):
                members = [.init("file", .integer(Int64(file))), .init("page", .integer(Int64(page)))]
            case .words(let title, let lines):
                members = [.init("title", .string(title)), .init("lines", .array(lines.map { .string($0) }))]
            }
            if !sheet.number.isEmpty {
                members.append(.init("mark", ["note": .string(sheet.note), "number": .string(sheet.number)]))
            }
            return .object(members)
        }
        let body: JSON = [
            "command": "bind", "date": .string(date.description), "files": .array(files), "id": .integer(id),
            "sheets": .array(sheets),
        ]
        return body.canonicalBytes
    }
}

/// The first frame of a worker.
enum WorkerGreeting {
    /// Ready to print; `network` is `none` where the kernel let the worker give it up.
    case ready(network: String)
    /// Started, but not able to print.
    case unfit(PressError)

    static let version: Int64 = 1

    init(_ frame: [UInt8]) throws(WorkerProcess.Failure) {
        guard let json = try? JSON(canonical: frame), let ready = json["ready"]?.boolean else {
            throw .nonsense("greeting of \(frame.count) bytes")
        }
        if ready {
            guard json["protocol"]?.integer == WorkerGreeting.version, let network = json["network"]?.string else {
                throw .nonsense("greeting of another protocol")
            }
            self = .ready(network: network)
        } else {
            guard let message = json["message"]?.string, let detail = json["detail"]?.string else {
                throw .nonsense("greeting without a reason")
            }
            self = .unfit(.unavailable(message: message, detail: detail))
        }
    }
}

/// The header of an answer.
enum PressAnswer {
    /// That many frames follow.
    case parts(Int)
    /// Nothing was printed.
    case refused(PressError)

    /// The longest header, in bytes: room for a diagnostic with its source lines.
    static let headerLimit = 1 << 20
    /// The most pages of a preview.
    static let partLimit = 2000

    init(_ frame: [UInt8], id: Int64) throws(WorkerProcess.Failure) {
        guard let json = try? JSON(canonical: frame), json["id"]?.integer == id, let good = json["ok"]?.boolean else {
            throw .nonsense("answer of \(frame.count) bytes")
        }
        if good {
            guard let count = json["parts"]?.integer, (1...Int64(PressAnswer.partLimit)).contains(count) else {
                throw .nonsense("answer without parts")
            }
            self = .parts(Int(count))
        } else {
            guard let code = json["code"]?.string.flatMap(PressError.Code.init(rawValue:)),
                let message = json["message"]?.string, let detail = json["detail"]?.string
            else { throw .nonsense("refusal without a reason") }
            self = .refused(PressError(code: code, message: message, detail: detail))
        }
    }
}

extension PressError {
    static func unavailable(message: String, detail: String) -> PressError {
        PressError(code: .unavailable, message: message, detail: detail)
    }

    static func timeout(detail: String) -> PressError {
        PressError(code: .timeout, message: "打印超时，已停止。内容没有丢失，请重试；仍不行请联系管理员。", detail: detail)
    }

    static func died(detail: String) -> PressError {
        PressError(code: .died, message: "打印组件意外退出。内容没有丢失，请重试；仍不行请联系管理员。", detail: detail)
    }

    static func tooLarge(detail: String) -> PressError {
        PressError(code: .tooLarge, message: "文书过长，无法打印。请缩短内容，或将部分内容改为附件。", detail: detail)
    }
}
