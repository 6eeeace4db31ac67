import Kernel

extension FieldModel {
    /// The name of the button that adds rows without a script: the draft is kept and the page drawn again.
    static let addRows = "add-rows"

    /// Rows shown: those filled, and one that is empty, so that the form works without a script. Whoever needs more adds them;
    /// on a phone each empty row is as long as a filled one.
    private var shown: [[String: String]] { rows + [[:]] }

    /// The same for persons: two are asked for almost everywhere, and who they are is mostly known already.
    private var shownPersons: [[String: String]] {
        rows + Array(repeating: [:], count: rows.count < 2 ? 2 - rows.count : 0)
    }

    func table(_ columns: [Column]) -> HTML {
        """
        <div class="rows" data-rows="\(name)"><table><thead><tr><th scope="col" class="no">序号</th>\(columns.html { """
            <th scope="col">\($0.label)\($0.isRequired ? "" : "<span class=\"opt\">（可不填）</span>" as HTML)</th>
            """ })</tr></thead>
        <tbody>\(shown.enumerated().html { number, row in
            """
            <tr><td class="no">\(number + 1)</td>\(columns.html { column in
                """
                <td data-label="\(column.label)"><textarea rows="1" name="\(name).\(number).\(column.name)" aria-label="第\(number + 1)行\(column.label)">
                \(row[column.name] ?? "")</textarea></td>
                """
            })</tr>

            """
        })</tbody></table>
        \(addButton)</div>

        """
    }

    func persons(_ options: [Option]) -> HTML {
        """
        <div class="rows" data-rows="\(name)"><table><thead><tr><th scope="col" class="no">序号</th><th scope="col">在册人员</th><th scope="col">或者填写姓名</th><th scope="col">执法证件编号</th></tr></thead>
        <tbody>\(shownPersons.enumerated().html { number, row in
            """
            <tr><td class="no">\(number + 1)</td><td data-label="在册人员"><select name="\(name).\(number).person" aria-label="第\(number + 1)人，在册人员"><option value="">—</option>\(options.html { option in
                """
                <option value="\(option.word)"\(row["person"].map { $0.utf8.elementsEqual(option.word.utf8) } ?? false ? " selected" as HTML : "")>\(option.label)</option>
                """
            })</select></td>\(outsider(number, row, "name", "姓名"))\(outsider(number, row, "certificate", "执法证件编号"))</tr>

            """
        })</tbody></table>
        \(addButton)</div>

        """
    }

    private func outsider(_ number: Int, _ row: [String: String], _ column: String, _ label: String) -> HTML {
        // Names of registered persons come from the register and are not typed twice.
        let value = row["person"] == nil ? row[column] ?? "" : ""
        return """
            <td class="outsider" data-label="\(label)"><input type="text" name="\(name).\(number).\(column)" value="\(value)" maxlength="200" aria-label="第\(number + 1)人，\(label)"></td>
            """
    }

    private var addButton: HTML {
        Button(label: "增加一行", style: .small, name: FieldModel.addRows, value: name, skipsChecks: true).html
    }
}
