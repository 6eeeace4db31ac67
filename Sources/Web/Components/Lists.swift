import Kernel

/// Check your answers (核对): what was entered, with the way back to each.
struct SummaryList: Sendable {
    var rows: [Row]

    /// One answer.
    struct Row: Sendable {
        var label: String
        var value: HTML
        /// Where it can be changed.
        var change: String?
    }

    var html: HTML {
        """
        <dl class="summary">\(rows.html { row in
            """
            <div><dt>\(row.label)</dt><dd>\(row.value.isEmpty ? "<span class=\"none\">未填写</span>" as HTML : row.value)</dd>\(row.change.map { """
                <dd class="change"><a href="\($0)">修改<span class="vh">\(row.label)</span></a></dd>
                """ as HTML })</div>

            """
        })</dl>

        """
    }

    /// Paragraphs of a text.
    static func paragraphs(_ text: String) -> HTML {
        text.utf8.split(separator: 10).html { "<p>\(String(decoding: $0, as: UTF8.self))</p>" }
    }
}

/// Tasks of one thing with their state (任务清单).
struct TaskList: Sendable {
    var tasks: [Task]

    /// One task.
    struct Task: Sendable {
        var label: String
        var href: String?
        var hint = ""
        var tag: Tag
    }

    var html: HTML {
        """
        <ul class="tasks">\(tasks.html { task in
            """
            <li><span>\(task.href.map { "<a href=\"\($0)\">\(task.label)</a>" as HTML } ?? "\(task.label)")\(task.hint.isEmpty ? "" : "<small>\(task.hint)</small>" as HTML)</span>\(task.tag.html)</li>

            """
        })</ul>

        """
    }
}

/// Pages of a list.
struct Pagination: Sendable {
    var page: Int
    var pages: Int
    var total: Int
    /// The address of a page.
    var href: @Sendable (Int) -> String

    /// How many pages there are; one more than were counted where something is known to follow.
    static func pages(total: Int, size: Int, hasMore: Bool, at page: Int) -> Int {
        max((total + size - 1) / size, hasMore ? page + 1 : 0)
    }

    var html: HTML {
        guard pages > 1 else { return "" }
        let numbers = Set([1, pages, page - 1, page, page + 1]).filter { (1...pages).contains($0) }.sorted()
        var items: HTML = ""
        var last = 0
        for number in numbers {
            if number > last + 1 { items += "<li class=\"gap\">…</li>" }
            items +=
                number == page
                ? "<li><a href=\"\(href(number))\" aria-current=\"page\">\(number)</a></li>"
                : "<li><a href=\"\(href(number))\">\(number)</a></li>"
            last = number
        }
        return """
            <nav class="pages" aria-label="分页"><ul>\(page > 1 ? "<li><a href=\"\(href(page - 1))\" rel=\"prev\">上一页</a></li>" as HTML : "")\(items)\(page < pages ? "<li><a href=\"\(href(page + 1))\" rel=\"next\">下一页</a></li>" as HTML : "")</ul></nav>

            """
    }
}

/// A choice in a bar above a list.
struct Filter: Sendable {
    var name: String
    var label: String
    var options: [FieldModel.Option]
    var selected: String

    var html: HTML {
        """
        <label><span>\(label)</span><select name="\(name)">\(options.html { option in
            """
            <option value="\(option.word)"\(option.word == selected ? " selected" as HTML : "")>\(option.label)</option>
            """
        })</select></label>

        """
    }
}

/// The search and filter bar above a list: a plain GET form.
struct FilterBar: Sendable {
    var action: String
    var searchLabel: String
    var search: String
    var filters: [Filter]
    /// Days that narrow the list, by name, with label and what is chosen.
    var days: [(name: String, label: String, value: String)] = []
    /// What else narrows the list, and stays when the form is sent.
    var kept: [(name: String, value: String)] = []

    var html: HTML {
        """
        <form class="filters" method="get" action="\(action)" role="search">
        \(kept.html { """
            <input type="hidden" name="\($0.name)" value="\($0.value)">

            """ })\
        <label class="grow"><span>\(searchLabel)</span><input type="search" name="q" value="\(search)" maxlength="100"></label>
        \(filters.html { $0.html })\(days.html { day in
            """
            <label><span>\(day.label)</span><input type="date" name="\(day.name)" value="\(day.value)"></label>

            """
        })<button class="btn sec">查找</button>
        </form>

        """
    }
}
