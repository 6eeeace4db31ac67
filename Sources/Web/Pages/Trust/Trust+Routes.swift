import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// How a device comes to trust the server's own authority, where it has one.
    func addTrust(_ services: WebServices) {
        guard let anchor = services.settings.trust else { return }
        open(.get, TrustPage.path) { _, context in services.answer(TrustPage(anchor: anchor).page, context) }
        open(.get, TrustPage.file) { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "application/x-x509-ca-cert",
                    .contentDisposition: "attachment; filename=\"liuhen-ca.crt\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: anchor.certificate)))
        }
    }
}

/// The certificate of the server's own authority.
public struct TrustAnchor: Hashable, Sendable {
    /// DER.
    public let certificate: [UInt8]
    /// SHA-256 of the certificate.
    public let fingerprint: [UInt8]

    /// An authority.
    public init(certificate: [UInt8], fingerprint: [UInt8]) {
        self.certificate = certificate
        self.fingerprint = fingerprint
    }

    /// As devices show it: pairs of capital digits with colons.
    public var fingerprintText: String { fingerprint.map { Hex.encode([$0]).uppercased() }.joined(separator: ":") }
}
