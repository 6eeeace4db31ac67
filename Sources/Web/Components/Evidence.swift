import Kernel

/// A pad on which a party or officer signs with finger, pen or mouse. The strokes travel as an SVG path in a hidden
/// field. Without a script only the paper way is offered.
struct SignaturePad: Sendable {
    var name: String
    var label: String
    /// The way by paper.
    var paperHref: String?

    var html: HTML {
        """
        <div class="field" id="\(FieldModel.id(name))">
        <p class="label">\(label)</p>
        <div class="pad" data-signature="\(name)" hidden>
        <canvas width="900" height="300" role="img" aria-label="签名区域，用手指、触控笔或者鼠标书写"></canvas>
        <input type="hidden" name="\(name)">
        <p class="pad-tools"><span class="hint">请在框内书写姓名</span><button type="button" class="link" data-undo>撤销一笔</button><button type="button" class="link" data-clear>重写</button></p>
        </div>
        <noscript><p class="hint">这台设备的浏览器没有启用脚本，不能在屏幕上签名。\(paperHref.map { "请<a href=\"\($0)\">在纸上签名并上传扫描件</a>。" as HTML } ?? "请在纸上签名并上传扫描件。" as HTML)</p></noscript>
        </div>

        """
    }
}

/// A place to drop large files, sent in pieces that survive a broken line (tus 1.0).
struct UploadBox: Sendable {
    /// Where uploads are created.
    var endpoint: String
    var token: String
    var label: String
    var accept: String
    /// The form field that receives the ids of finished uploads.
    var name: String
    /// Whether the form takes one file.
    var isSingle = false

    var html: HTML {
        """
        <div class="upload" data-upload="\(endpoint)" data-token="\(token)" data-name="\(name)" hidden>
        <label class="drop"><span class="drop-title">\(label)</span><span class="hint">\(isSingle ? "" : "可以选择多个文件。")断网或者关机后重新选择同一个文件，会从断点继续。</span>
        <input type="file"\(isSingle ? "" : " multiple" as HTML) accept="\(accept)"></label>
        <ul class="uploads" aria-live="polite"></ul>
        </div>

        """
    }
}

/// Playback of a recording within a view session.
struct Player: Sendable {
    var source: String
    var mediaType: String
    /// `video`, `audio` or `photo`.
    var form: String
    var label: String
    /// When the session ends.
    var until: String

    var html: HTML {
        let media: HTML =
            switch form {
            case "video":
                "<video controls preload=\"metadata\" aria-label=\"\(label)\"><source src=\"\(source)\" type=\"\(mediaType)\"></video>"
            case "audio":
                "<audio controls preload=\"metadata\" aria-label=\"\(label)\"><source src=\"\(source)\" type=\"\(mediaType)\"></audio>"
            default: "<img src=\"\(source)\" alt=\"\(label)\">"
            }
        return """
            <figure class="player">\(media)
            <figcaption>本次查看已记入记录链，\(until)结束。</figcaption></figure>

            """
    }
}

/// Asks for the secret again before a step that approves, issues or disposes.
struct ConfirmSecret: Sendable {
    var error: String?
    var help = "审批、制发和归档以本人密码确认，记入您的名下。"

    static let field = "secret"

    var html: HTML {
        """
        <div class="confirm">\(FieldModel(
            name: Self.field, label: "再次输入您的密码", control: .secret(autocomplete: "current-password"), isRequired: true,
            help: help, error: error
        ).html)</div>

        """
    }
}

/// Sizes in words.
enum ByteText {
    /// `1.5 GB`, with one place after the point from MB on.
    static func chinese(_ count: Int64) -> String {
        let units: [(Int64, String)] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")]
        for (size, unit) in units where count >= size {
            let tenths = count * 10 / size
            return tenths % 10 == 0 || size == 1 << 10
                ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(count) 字节"
    }
}
