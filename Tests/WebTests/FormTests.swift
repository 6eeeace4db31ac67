import Kernel
import Testing

@testable import Web

@Suite("Forms")
struct FormTests {
    @Test("a form is read as the browser meant it: order, repeated names, plus and percent codes, line ends")
    func urlEncoded() throws {
        let form = try Form(urlEncoded: Array("a=1&b=%E6%98%9F+%2B&a=2&c=&d&e=x%0D%0Ay%0Dz".utf8))
        #expect(form.all("a") == ["1", "2"])
        #expect(form["b"] == "星 +")
        #expect(form["c"] == "")
        #expect(form["d"] == "")
        #expect(form["e"] == "x\ny\nz")
        #expect(form["f"] == nil)
    }

    @Test("text is brought to NFC, and names are compared byte by byte")
    func normalises() throws {
        let form = try Form(urlEncoded: Array("e%CC%81=e%CC%81".utf8))
        #expect(form["é"].map { Array($0.utf8) } == Array("é".utf8))
    }

    @Test("every broken percent code, foreign encoding and NUL is refused")
    func refuses() {
        for text in ["%", "a=%", "a=%1", "a=%1G", "a=%C3", "a=%C3%28", "a=%00", "%FF=1", "a=%ED%A0%80"] {
            #expect(throws: FormError.self, "\(text)") { try Form(urlEncoded: Array(text.utf8)) }
        }
        let many = String(repeating: "a=1&", count: Form.fieldLimit + 1)
        #expect(throws: FormError.self) { try Form(urlEncoded: Array(many.utf8)) }
    }

    private static let boundary = "----x"
    private static let body =
        "------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        + "------x\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"扫描 1.png\"\r\n"
        + "Content-Type: image/png\r\n\r\n\u{89}PNG\r\n\r\n--x\r\n"
        + "------x\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n------x--\r\n"

    @Test("a multipart form gives its fields and files, whatever bytes they hold")
    func multipart() throws {
        let form = try Multipart.read(Array(Self.body.utf8), boundary: Array(Self.boundary.utf8))
        #expect(form["a"] == "1")
        #expect(form["empty"] == "")
        let file = try #require(form.file("scan"))
        #expect(file.fileName == "扫描 1.png" && file.mediaType == "image/png")
        #expect(file.bytes == Array("\u{89}PNG\r\n\r\n--x".utf8))
    }

    @Test("a multipart form cut at any byte is refused, and no bit flipped in it brings the reader down")
    func multipartDamage() throws {
        let body = Array(Self.body.utf8)
        let boundary = Array(Self.boundary.utf8)
        // The last four bytes are the closing dashes and a line end; without the line end it is still whole.
        for count in 0..<(body.count - 2) {
            #expect(throws: FormError.self, "cut at \(count)") {
                try Multipart.read(Array(body[..<count]), boundary: boundary)
            }
        }
        for index in body.indices {
            for bit in 0..<8 {
                var damaged = body
                damaged[index] ^= 1 << bit
                _ = try? Multipart.read(damaged, boundary: boundary)
            }
        }
    }

    @Test("the boundary is found where RFC 2046 allows it")
    func boundaries() {
        #expect(Multipart.boundary(of: "multipart/form-data; boundary=abc") == Array("abc".utf8))
        #expect(Multipart.boundary(of: "multipart/form-data; charset=x; boundary=\"a b\"") == Array("a b".utf8))
        #expect(Multipart.boundary(of: "multipart/form-data") == nil)
        #expect(Multipart.boundary(of: "multipart/form-data; boundary=") == nil)
        #expect(Multipart.boundary(of: "application/json; boundary=abc") == nil)
    }

    @Test("white space at the ends goes, the ideographic space too, and inside it stays")
    func trims() {
        #expect(Form.trimmed(" \u{3000}星 河\n") == "星 河")
        #expect(Form.trimmed("") == "")
    }

    @Test("addresses that lead elsewhere are not taken for ours")
    func localAddresses() throws {
        let address = Address(try #require(BureauTag("qinghe")))
        for local in ["/b/qinghe/", "/b/qinghe/cases?q=%E6%98%9F&page=2"] { #expect(address.isLocal(local)) }
        for foreign in [
            "", "/", "/b/qinghe", "/b/other/", "//x/b/qinghe/", "/b/qinghe//x", "/b/qinghe/\\x", "/b/qinghe/ x",
            "/b/qinghe/\n",
        ] {
            #expect(!address.isLocal(foreign), "\(foreign)")
        }
    }
}
