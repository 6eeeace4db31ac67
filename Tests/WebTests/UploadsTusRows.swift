import Application
import Crypto
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import Synchronization
import Testing
import Vault

@testable import Web

/// Every MUST of tus 1.0.0 (2016-03-25) that concerns a server with these extensions, as a row.
struct TusRow: Sendable, CustomTestStringConvertible {
    let must: String
    let check: @Sendable (UploadsBench, any TestClientProtocol) async throws -> Void
    var testDescription: String { must }

    init(
        _ must: String, _ check: @escaping @Sendable (UploadsBench, any TestClientProtocol) async throws -> Void
    ) {
        self.must = must
        self.check = check
    }
}

extension TusRow {
    static let hello = Array("hello world".utf8)
    static let sha1 = Base64.encode(Array(Insecure.SHA1.hash(data: hello)))
    static let sha256 = Base64.encode(Array(SHA256.hash(data: hello)))

    static let core: [TusRow] = [
        TusRow("Upload-Offset is a non-negative integer") { _, client in
            let path = try await client.create(11)
            for bad in ["-1", "x", "1.0", "+1", "0x0", "", "99999999999999999999"] {
                let response = try await client.execute(
                    uri: path, method: .patch, headers: tus(["Content-Type": offsetStream, "Upload-Offset": bad]),
                    body: ByteBuffer(bytes: hello))
                #expect(response.status == .badRequest, "\(bad)")
            }
            #expect(try await client.head(path).offset == 0)
        },
        TusRow("Upload-Length is a non-negative integer") { _, client in
            for bad in ["-1", "x", "1e3", "", "99999999999999999999"] {
                let response = try await client.execute(
                    uri: "/uploads", method: .post, headers: tus(["Upload-Length": bad]))
                #expect(response.status == .badRequest, "\(bad)")
            }
        },
        TusRow("Tus-Resumable is in every response but to OPTIONS, refusals too") { _, client in
            let path = try await client.create(11)
            let responses = [
                try await client.head(path), try await client.patch(path, at: 5, hello),
                try await client.patch(path, at: 0, hello), try await client.head("/uploads/\(UploadID.random())"),
                try await client.head("/uploads/none"),
                try await client.execute(uri: path, method: .delete, headers: tus()),
                try await client.execute(uri: "/uploads", method: .post, headers: tus(by: "stranger")),
                try await client.execute(uri: "/uploads", method: .post, headers: [:]),
            ]
            for response in responses { #expect(response["Tus-Resumable"] == "1.0.0", "\(response.status)") }
        },
        TusRow("an unsupported version gets 412 with Tus-Version, and the request is not processed") { bench, client in
            let path = try await client.create(11)
            for version in ["0.2.2", "1.0.1", "2.0.0", ""] {
                for (method, uri) in [
                    (HTTPRequest.Method.head, path), (.patch, path), (.delete, path), (.post, "/uploads"),
                ] {
                    let response = try await client.execute(
                        uri: uri, method: method,
                        headers: tus([
                            "Tus-Resumable": version, "Upload-Length": "3", "Upload-Offset": "0",
                            "Content-Type": offsetStream,
                        ]), body: method == .patch ? ByteBuffer(bytes: hello) : nil)
                    #expect(response.status == .preconditionFailed && response["Tus-Version"] == "1.0.0")
                }
            }
            #expect(try await client.head(path).offset == 0)
            #expect(try await bench.vault.uploads().count == 1)
        },
        TusRow("X-HTTP-Method-Override is the method, and the actual one is ignored") { _, client in
            let path = try await client.create(11)
            let patched = try await client.execute(
                uri: path, method: .post,
                headers: tus([
                    "X-HTTP-Method-Override": "PATCH", "Content-Type": offsetStream, "Upload-Offset": "0",
                ]), body: ByteBuffer(bytes: hello))
            #expect(patched.status == .noContent && patched.offset == 11)
            let looked = try await client.execute(
                uri: path, method: .delete, headers: tus(["X-HTTP-Method-Override": "HEAD"]))
            #expect(looked.status == .ok && looked.offset == 11)
            let ended = try await client.execute(
                uri: path, method: .post, headers: tus(["X-HTTP-Method-Override": "DELETE"]))
            #expect(ended.status == .noContent)
            #expect(try await client.head(path).status == .notFound)
        },
        TusRow("HEAD always has Upload-Offset, also at 0 and when complete, and Upload-Length") { _, client in
            let path = try await client.create(11)
            let before = try await client.head(path)
            #expect(before.status == .ok && before.offset == 0 && before["Upload-Length"] == "11")
            _ = try await client.patch(path, at: 0, Array(hello[..<5]))
            #expect(try await client.head(path).offset == 5)
            _ = try await client.patch(path, at: 5, Array(hello[5...]))
            let after = try await client.head(path)
            #expect(after.status == .ok && after.offset == 11 && after["Upload-Length"] == "11")
        },
        TusRow("HEAD of an upload that is not there has no Upload-Offset") { _, client in
            let response = try await client.head("/uploads/\(UploadID.random())")
            #expect(response.status == .notFound && response.offset == nil)
        },
        TusRow("HEAD is not to be cached") { _, client in
            let path = try await client.create(11)
            #expect(try await client.head(path)["Cache-Control"] == "no-store")
        },
        TusRow("PATCH with another media type gets 415 and changes nothing") { _, client in
            let path = try await client.create(11)
            for type in ["application/octet-stream", "text/plain", ""] {
                let response = try await client.execute(
                    uri: path, method: .patch, headers: tus(["Content-Type": type, "Upload-Offset": "0"]),
                    body: ByteBuffer(bytes: hello))
                #expect(response.status == .unsupportedMediaType)
            }
            #expect(try await client.head(path).offset == 0)
        },
        TusRow("an offset that does not match gets 409 and the upload is not modified") { _, client in
            let path = try await client.create(11)
            _ = try await client.patch(path, at: 0, Array(hello[..<4]))
            for offset in [0, 3, 5, 11, 12] {
                #expect(try await client.patch(path, at: offset, [1, 2]).status == .conflict)
            }
            #expect(try await client.head(path).offset == 4)
        },
        TusRow("a successful PATCH gets 204 and the new offset: the old one and the bytes received") { _, client in
            let path = try await client.create(11)
            var offset = 0
            for count in [0, 1, 4, 0, 6] {
                let response = try await client.patch(path, at: offset, Array(hello[offset..<offset + count]))
                offset += count
                #expect(response.status == .noContent && response.offset == Int64(offset))
            }
        },
        TusRow("PATCH of an upload that is not there gets 404") { _, client in
            let response = try await client.patch("/uploads/\(UploadID.random())", at: 0, hello)
            #expect(response.status == .notFound)
        },
        // The endpoint asks nobody who they are here; the server that it stands in does (RouteTests).
        TusRow("OPTIONS gets 204 with Tus-Version, whatever Tus-Resumable says") { _, client in
            for headers in [HTTPFields(), tus(["Tus-Resumable": "9.9.9"])] {
                let response = try await client.execute(uri: "/uploads", method: .options, headers: headers)
                #expect(response.status == .noContent && response["Tus-Version"] == "1.0.0")
                #expect(response["Tus-Max-Size"].flatMap { Int64($0) } ?? -1 > 0)
            }
        },
    ]

    static let extensions: [TusRow] = [
        TusRow("extensions and algorithms are announced") { _, client in
            let response = try await client.execute(uri: "/uploads", method: .options, headers: [:])
            let names = response["Tus-Extension"]?.split(separator: ",").map { String($0) } ?? []
            #expect(
                Set(names) == ["creation", "creation-with-upload", "expiration", "checksum", "termination"])
            let algorithms = response["Tus-Checksum-Algorithm"]?.split(separator: ",").map { String($0) } ?? []
            #expect(algorithms.contains("sha1") && algorithms.contains("sha256"))
        },
        TusRow("creation answers 201 with Location, and the upload begins at 0") { _, client in
            let response = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "5"]))
            #expect(response.status == .created)
            let path = try #require(response["Location"])
            #expect(try await client.head(path).offset == 0)
        },
        TusRow("creation needs a length; one to be told later is not offered") { _, client in
            for fields in [[:], ["Upload-Defer-Length": "1"], ["Upload-Defer-Length": "2"]] as [KeyValuePairs] {
                let response = try await client.execute(uri: "/uploads", method: .post, headers: tus(fields))
                #expect(response.status == .badRequest)
            }
        },
        TusRow("metadata come back in HEAD as they were sent; without any the field is left out") { _, client in
            let text = "filename 5omn5rOV6K6w5b2VLm1wNA==,is_confidential"
            let with = try await client.create(5, metadata: text)
            #expect(try await client.head(with)["Upload-Metadata"] == text)
            let without = try await client.create(5)
            #expect(try await client.head(without)["Upload-Metadata"] == nil)
        },
        TusRow("malformed metadata are refused: empty or repeated key, no base64") { _, client in
            for bad in [",", "a YQ==,a YQ==", "a Y", "a YQ==,", "a  YQ=="] {
                let response = try await client.execute(
                    uri: "/uploads", method: .post, headers: tus(["Upload-Length": "5", "Upload-Metadata": bad]))
                #expect(response.status == .badRequest, "\(bad)")
            }
        },
        TusRow("a length over the maximum gets 413") { bench, client in
            let response = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "\(UploadsBench.byteLimit + 1)"]))
            #expect(response.status == .contentTooLarge && String(buffer: response.body).contains("（64 MB）"))
            #expect(try await bench.vault.uploads().isEmpty)
        },
        TusRow("creation with upload answers with the offset reached") { _, client in
            let response = try await client.execute(
                uri: "/uploads", method: .post,
                headers: tus(["Upload-Length": "11", "Content-Type": offsetStream]),
                body: ByteBuffer(bytes: Array(hello[..<5])))
            #expect(response.status == .created && response.offset == 5)
            let path = try #require(response["Location"])
            #expect(try await client.patch(path, at: 5, Array(hello[5...])).offset == 11)
        },
        TusRow("creation with upload needs the media type, and no more bytes than the length") { bench, client in
            for (length, type) in [("11", "text/plain"), ("11", ""), ("4", offsetStream)] {
                let response = try await client.execute(
                    uri: "/uploads", method: .post, headers: tus(["Upload-Length": length, "Content-Type": type]),
                    body: ByteBuffer(bytes: hello))
                #expect(response.status == (length == "4" ? .contentTooLarge : .unsupportedMediaType))
            }
            #expect(try await bench.vault.uploads().isEmpty)
        },
        TusRow("Upload-Expires is in the answers to POST and to every PATCH of what may expire, as a date") {
            bench, client in
            let created = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "11"]))
            let path = try #require(created["Location"])
            // 1,700,000,000 s is Tue, 14 Nov 2023 22:13:20; thirty days later:
            #expect(created["Upload-Expires"] == "Thu, 14 Dec 2023 22:13:20 GMT")
            let part = try await client.patch(path, at: 0, Array(hello[..<5]))
            #expect(part["Upload-Expires"] == "Thu, 14 Dec 2023 22:13:20 GMT")
            #expect(try await client.patch(path, at: 5, Array(hello[5...]))["Upload-Expires"] == nil)
        },
        TusRow("whatever a clock says, an upload is there and goes on until it is removed; then it is none") {
            bench, client in
            let path = try await client.create(11)
            let complete = try await client.create(0)
            let leap = 2 * UploadDeclaration.shortestLife
            let now = bench.clock.withLock { clock in
                clock = clock.advanced(byMilliseconds: leap)
                return clock
            }
            #expect(try await client.patch(path, at: 0, [1]).status == .noContent)
            #expect(try await client.head(path).offset == 1)
            #expect(try await client.head(complete).status == .ok)
            _ = try await bench.vault.removeExpiredUploads(at: now, countedFrom: nil)
            for gone in [path, complete] {
                let head = try await client.head(gone)
                #expect(head.status == .notFound && head.offset == nil)
            }
            #expect(try await client.patch(path, at: 1, [1]).status == .notFound)
        },
        TusRow("SHA-1 and SHA-256 are checked; a match is applied") { _, client in
            for (name, value) in [("sha1", sha1), ("sha256", sha256)] {
                let path = try await client.create(11)
                let response = try await client.patch(path, at: 0, hello, ["Upload-Checksum": "\(name) \(value)"])
                #expect(response.status == .noContent && response.offset == 11)
            }
        },
        TusRow("a mismatch gets 460, the bytes are discarded and the offset stays") { _, client in
            let path = try await client.create(11)
            var wrong = hello
            wrong[3] ^= 1
            for (name, value) in [("sha1", sha1), ("sha256", sha256)] {
                let response = try await client.patch(path, at: 0, wrong, ["Upload-Checksum": "\(name) \(value)"])
                #expect(response.status.code == 460)
                #expect(try await client.head(path).offset == 0)
            }
            #expect(try await client.patch(path, at: 0, hello).offset == 11)
        },
        TusRow("an unknown algorithm or a malformed checksum gets 400 and changes nothing") { _, client in
            let path = try await client.create(11)
            for bad in [
                "md5 XrY7u+Ae7tCTyyK7j1rNww==", "SHA1 \(sha1)", "sha1", "sha1 \(sha256)", "sha1 ?", "sha1  \(sha1)",
            ] {
                let response = try await client.patch(path, at: 0, hello, ["Upload-Checksum": bad])
                #expect(response.status == .badRequest, "\(bad)")
            }
            #expect(try await client.head(path).offset == 0)
        },
        TusRow("a wrong checksum at creation leaves no upload behind") { bench, client in
            let response = try await client.execute(
                uri: "/uploads", method: .post,
                headers: tus([
                    "Upload-Length": "12", "Content-Type": offsetStream, "Upload-Checksum": "sha1 \(sha1)",
                ]), body: ByteBuffer(bytes: hello + [0]))
            #expect(response.status.code == 460)
            #expect(try await bench.vault.uploads().isEmpty)
        },
        TusRow("DELETE gets 204, and the upload is not there any more") { _, client in
            let path = try await client.create(11)
            _ = try await client.patch(path, at: 0, Array(hello[..<5]))
            let response = try await client.execute(uri: path, method: .delete, headers: tus())
            #expect(response.status == .noContent)
            #expect(try await client.head(path).status == .notFound)
            #expect(try await client.patch(path, at: 5, [1]).status == .notFound)
            #expect(try await client.execute(uri: path, method: .delete, headers: tus()).status == .notFound)
        },
        TusRow("DELETE of a complete upload ends the upload and leaves the evidence") { bench, client in
            let path = try await client.create(11)
            _ = try await client.patch(path, at: 0, hello)
            let response = try await client.execute(uri: path, method: .delete, headers: tus())
            #expect(response.status == .noContent)
            #expect(try await client.head(path).status == .notFound)
            let id = try #require(bench.heard.withLock { $0.first })
            #expect(try await bench.vault.read(id.unchecked(as: OfObject.self), at: 0, upTo: 100) == hello)
        },
    ]
}
