import Kernel

extension FieldModel {
    /// The field with label, help, error and control.
    var html: HTML {
        switch control {
        case .choice(let options): group(options.html { radio($0) })
        case .choices(let options): group(options.html { box($0) })
        case .table(let columns): group(table(columns))
        case .persons(let options): group(persons(options))
        default:
            """
            <div class="field\(error == nil ? "" : " bad")">
            <label for="\(id)">\(label)\(optionalMark)</label>
            \(hints)\(single)
            </div>

            """
        }
    }

    /// The control alone with its error, for a table whose row holds the label.
    var cell: HTML {
        "\(error.map { "<p class=\"error\" id=\"\(id)-error\"><span class=\"vh\">错误：</span>\($0)</p>" as HTML })<span class=\"field\(error == nil ? "" : " bad")\">\(single)</span>"
    }

    /// Only what may be left out is marked: most fields have to be filled.
    private var optionalMark: HTML {
        isRequired ? "" : "<span class=\"opt\">（\(requiredFor.isEmpty ? "可不填" : requiredFor)）</span>"
    }

    private var hints: HTML {
        """
        \(help.isEmpty ? "" : "<p class=\"hint\" id=\"\(id)-hint\">\(help)</p>\n" as HTML)\(way.map { "<p class=\"way\">\($0.text)<a href=\"\($0.href)\">\($0.label)</a></p>\n" as HTML })\(article.map { $0.html + "\n" })\(error.map { "<p class=\"error\" id=\"\(id)-error\"><span class=\"vh\">错误：</span>\($0)</p>\n" as HTML })
        """
    }

    private var description: HTML {
        let ids = (help.isEmpty ? [] : ["\(id)-hint"]) + (error == nil ? [] : ["\(id)-error"])
        guard !ids.isEmpty else { return error == nil ? "" : " aria-invalid=\"true\"" }
        return
            " aria-describedby=\"\(ids.joined(separator: " "))\"\(error == nil ? "" : " aria-invalid=\"true\"" as HTML)"
    }

    private var attributes: HTML {
        "id=\"\(id)\" name=\"\(name)\"\(description)"
    }

    private var single: HTML {
        switch control {
        case .line(let kind):
            "<input type=\"\(kind.rawValue)\" \(attributes) value=\"\(text)\" maxlength=\"200\">"
        case .paragraphs(let rows):
            "<textarea \(attributes) rows=\"\(rows)\" maxlength=\"20000\">\n\(text)</textarea>"
        case .list:
            "<textarea \(attributes) rows=\"5\" class=\"lines\">\n\(text)</textarea>"
        case .day:
            "<input type=\"date\" \(attributes) value=\"\(text)\" class=\"short\">"
        case .instant:
            "<input type=\"datetime-local\" \(attributes) value=\"\(text)\" class=\"short\">"
        case .integer:
            "<input type=\"text\" inputmode=\"numeric\" \(attributes) value=\"\(text)\" class=\"number\">"
        case .money:
            "<span class=\"affix\"><input type=\"text\" inputmode=\"decimal\" \(attributes) value=\"\(text)\" class=\"number\"><span>元</span></span>"
        case .file(let accept):
            "<input type=\"file\" \(attributes) accept=\"\(accept)\">"
        case .secret(let autocomplete):
            "<input type=\"password\" \(attributes) autocomplete=\"\(autocomplete)\" maxlength=\"256\">"
        case .choice, .choices, .table, .persons:
            ""
        }
    }

    private func group(_ content: HTML) -> HTML {
        """
        <fieldset class="field\(error == nil ? "" : " bad")" id="\(id)"\(description)>
        <legend>\(label)\(optionalMark)</legend>
        \(hints)\(content)</fieldset>

        """
    }

    private func radio(_ option: Option) -> HTML {
        """
        <label class="pick"><input type="radio" name="\(name)" value="\(option.word)"\(text.utf8.elementsEqual(option.word.utf8) ? " checked" as HTML : "")><span>\(option.label)\(option.hint.isEmpty ? "" : "<small>\(option.hint)</small>" as HTML)</span></label>

        """
    }

    private func box(_ option: Option) -> HTML {
        """
        <label class="pick"><input type="checkbox" name="\(name)" value="\(option.word)"\(words.contains(option.word) ? " checked" as HTML : "")><span>\(option.label)\(option.hint.isEmpty ? "" : "<small>\(option.hint)</small>" as HTML)</span></label>

        """
    }
}
