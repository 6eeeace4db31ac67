import Casework
import Yams

/// Reads `Regulations/matters.yaml`: what duties may be about.
struct MatterReader {
    let source: YAMLSource

    /// Matters by id.
    func read(_ root: Node) -> [String: Matter] {
        guard let fields = source.fields(root, "事项表") else { return [:] }
        defer { fields.finish() }
        var result: [String: Matter] = [:]
        for node in source.list(fields.required("matters"), "事项") {
            guard let matter = matter(node, order: result.count) else { continue }
            if result[matter.id] != nil { source.fail(node, .duplicate, "事项“\(matter.id)”写了两次") }
            result[matter.id] = matter
        }
        return result
    }

    private func matter(_ node: Node, order: Int) -> Matter? {
        guard let fields = source.fields(node, "事项") else { return nil }
        defer { fields.finish() }
        let id = source.slug(fields.required("id"), "事项")
        let title = source.text(fields.required("title"), "标题")
        let per = source.word(fields.required("per"), "计算单位", as: Matter.Per.self)
        let isRecording = fields.optional("recording").flatMap { source.truth($0, "recording") } ?? false
        guard let id, let title, let per else { return nil }
        return Matter(id: id, title: title, per: per, isRecording: isRecording, order: order)
    }
}
