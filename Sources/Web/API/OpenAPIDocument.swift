import Casework
import HTTPTypes
import Kernel

/// The description of the API (OpenAPI 3.1), made of the operations that serve it.
struct OpenAPIDocument {
    let bureaus: [BureauTag]

    var json: JSON {
        var names: [String: JSON] = [:]
        _ = APIProblem.schema.json(&names)
        var paths: [JSON.Member] = []
        for operation in APIOperation.all where !paths.contains(where: { $0.key == operation.path }) {
            let here = APIOperation.all.filter { $0.path == operation.path }
            paths.append(
                .init(
                    operation.path,
                    .object(here.map { .init($0.method.rawValue.lowercased(), describe($0, &names)) })))
        }
        return [
            "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": [
                "title": "留痕接口", "version": "1.0.0", "summary": "供其他系统读取案件、登记步骤的接口。",
                "description": .string(OpenAPIDocument.introduction),
                "license": ["name": "本机关内部使用", "identifier": "LicenseRef-internal"],
            ],
            "servers": [
                [
                    "url": "/api/v1/b/{bureau}", "description": "本服务器上的一个机关。",
                    "variables": [
                        "bureau": [
                            "enum": .array(bureaus.map { .string($0.description) }),
                            "default": .string(bureaus.first?.description ?? ""), "description": "机关代号。",
                        ]
                    ],
                ]
            ],
            "security": [["token": []]],
            "tags": .array(
                TokenScope.ofPrograms.map { ["name": .string($0.rawValue), "description": .string($0.chinese)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(names.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "访问令牌，由本人在“我的账号”页面生成。每项操作所要的范围写在它的 tags 里。",
                    ]
                ],
                "responses": ["problem": problem],
            ],
        ]
    }

    static let introduction = """
        令牌凭本人的权限行事，只多不出：不能审批、签名、制发、归档、确认、管理或者导出案卷，这些须由本人登录后办理。
        时间是自1970年1月1日零时（UTC）起的毫秒数，日期写作2026-11-20，金额以分为单位，编号是32位小写十六进制。
        凡是提交记录的（POST），须带 Idempotency-Key：同一个键、同样的内容，得到同样的回答；同一个键换了内容，拒绝（422）。
        expectedSeq 是提交所依据的记录条数；其间有了新记录的，拒绝（409）并列出新记录。制度不许的，拒绝（409）并写明条款、缺少什么、由谁补齐。
        拒绝都是 application/problem+json（RFC 9457）。不使用 cookie，没有跨站访问。音像资料等大文件用断点续传（tus 1.0，/b/{机关}/uploads），须登录后上传。
        """

    private var problem: JSON {
        [
            "description": "拒绝：code 给程序判断，detail 写明哪里不对、怎么办。",
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
    }

    private func describe(_ operation: APIOperation, _ names: inout [String: JSON]) -> JSON {
        var parameters: [JSON] = operation.pathNames.map { name in
            let schema: APISchema = name == "regulation" ? .text(1...100) : .id
            return ["name": .string(name), "in": "path", "required": true, "schema": schema.json(&names)]
        }
        if operation.hasKey {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "8到200个可见 ASCII 字符。重发同一次提交用同一个。",
                "schema": ["type": "string", "pattern": "^[!-~]{8,200}$"], "example": "inspection-2026-11-20-001",
            ])
        }
        for parameter in operation.parameters {
            parameters.append([
                "name": .string(parameter.name), "in": "query", "required": .boolean(parameter.isRequired),
                "description": .string(parameter.text), "schema": parameter.schema.json(&names),
            ])
        }
        var members: [JSON.Member] = [
            .init("operationId", .string(operation.id)), .init("summary", .string(operation.summary)),
            .init("tags", .array([.string(operation.scope.rawValue)])), .init("security", [["token": []]]),
            .init("responses", responses(of: operation, &names)),
        ]
        if !operation.text.isEmpty { members.append(.init("description", .string(operation.text))) }
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = operation.body {
            members.append(
                .init(
                    "requestBody",
                    [
                        "required": true,
                        "content": ["application/json": ["schema": body.json(&names), "example": body.example()]],
                    ]))
        }
        return .object(members)
    }

    private func responses(of operation: APIOperation, _ names: inout [String: JSON]) -> JSON {
        var members: [JSON.Member] = []
        switch operation.answer {
        case .json(let schema):
            members.append(
                .init("200", ["description": "好了。", "content": ["application/json": ["schema": schema.json(&names)]]]))
        case .created(let schema):
            members.append(
                .init(
                    "201",
                    [
                        "description": "已记入案件。", "content": ["application/json": ["schema": schema.json(&names)]],
                        "headers": [
                            "Location": ["description": "案件的地址。", "schema": ["type": "string"]],
                            "Idempotency-Replayed": [
                                "description": "true：这个键以前提交过，这是当时的回答。", "schema": ["type": "string"],
                            ],
                        ],
                    ]))
        case .pdf:
            let content: JSON = ["application/pdf": ["schema": ["type": "string", "format": "binary"]]]
            members.append(.init("200", ["description": "整份 PDF。", "content": content]))
            members.append(.init("206", ["description": "所要的一段。", "content": content]))
            members.append(.init("304", ["description": "没有变。"]))
            members += ["412", "416"].map { .init($0, ["$ref": "#/components/responses/problem"]) }
        }
        members += operation.problemStatuses.map { .init(String($0), ["$ref": "#/components/responses/problem"]) }
        return .object(members)
    }
}

extension APIOperation {
    /// Statuses of refusals that it can answer with.
    var problemStatuses: [Int] {
        var statuses = [400, 401, 403, 404, 406, 429, 500, 503]
        if body != nil { statuses += [409, 413, 415, 422] }
        return statuses.sorted()
    }
}
