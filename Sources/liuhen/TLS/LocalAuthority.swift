import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority of this server alone (`--tls-local`), for bureaus that have no certificate from elsewhere.
///
/// Its key and the leaf's stand in `<keys>/tls/`, each in one file with its certificate, so that the two always fit.
/// Devices trust the authority once (`/trust`); leaves come and go under it.
struct LocalAuthority {
    let certificate: Certificate
    private let key: Certificate.PrivateKey
    private let directory: String

    /// A leaf with its key.
    struct Leaf: Sendable {
        let certificate: Certificate
        let key: Certificate.PrivateKey

        /// Whether it will do for another while: it has days left and names everything that it should.
        func fits(_ names: ServerNames, authority: Certificate, at now: Date) -> Bool {
            certificate.notValidBefore <= now && certificate.notValidAfter > now + LocalAuthority.renewal
                && certificate.issuer == authority.subject
                && authority.publicKey.isValidSignature(certificate.signature, for: certificate)
                && certificate.publicKey == key.publicKey
                && (try? certificate.extensions.subjectAlternativeNames).map { Set($0) == Set(names.general) } == true
        }
    }

    /// Ten years: a device that trusts it is not visited again soon.
    private static let authorityLife: TimeInterval = 3652 * 86_400
    /// 397 days: what browsers take of any leaf.
    private static let leafLife: TimeInterval = 397 * 86_400
    /// A leaf with less than this left is replaced.
    private static let renewal: TimeInterval = 60 * 86_400

    /// Reads the authority below the directory of keys, or makes it at the first use.
    ///
    /// - Throws: `CommandFailure` where a file cannot be read or written, or holds something else.
    init(keys: String, at now: Date) throws {
        directory = keys + "/tls"
        let path = directory + "/authority.pem"
        if let data = try PrivateFile.read(path) {
            (certificate, key) = try LocalAuthority.pair(data, path)
            guard certificate.notValidAfter > now else {
                throw CommandFailure("本机证书机构已在 \(certificate.notValidAfter) 到期。请移走 \(path) 重新启动，再让各台设备重新信任。")
            }
            return
        }
        let own = P256.Signing.PrivateKey()
        key = Certificate.PrivateKey(own)
        // The number tells two servers of one bureau apart in a device's list.
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        let name = try DistinguishedName {
            OrganizationName("Liuhen")
            CommonName("Liuhen Local CA \(mark)")
        }
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now - 86_400, notValidAfter: now + LocalAuthority.authorityLife, issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(keyIdentifier: LocalAuthority.identifier(of: own.publicKey))
            }, issuerPrivateKey: key)
        // If we die before this is durable no device trusts it yet, and the next start makes another.
        try PrivateFile.write(LocalAuthority.text(certificate, key), to: path)
    }

    /// The leaf on disk if it will do, else a new one.
    ///
    /// - Returns: the leaf, and whether it was made now.
    func leaf(for names: ServerNames, at now: Date) throws -> (leaf: Leaf, isNew: Bool) {
        let path = directory + "/leaf.pem"
        if let data = try PrivateFile.read(path), let pair = try? LocalAuthority.pair(data, path) {
            let leaf = Leaf(certificate: pair.0, key: pair.1)
            if leaf.fits(names, authority: certificate, at: now) { return (leaf, false) }
        }
        let own = P256.Signing.PrivateKey()
        let new = Certificate.PrivateKey(own)
        let authority = try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: new.publicKey,
            notValidBefore: now - 86_400,
            notValidAfter: min(now + LocalAuthority.leafLife, certificate.notValidAfter), issuer: certificate.subject,
            subject: try DistinguishedName { CommonName(names.first) }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.general)
                SubjectKeyIdentifier(keyIdentifier: LocalAuthority.identifier(of: own.publicKey))
                AuthorityKeyIdentifier(keyIdentifier: authority)
            }, issuerPrivateKey: key)
        try PrivateFile.write(LocalAuthority.text(leaf, new), to: path)
        return (Leaf(certificate: leaf, key: new), true)
    }

    private static func identifier(of key: P256.Signing.PublicKey) -> ArraySlice<UInt8> {
        ArraySlice(Insecure.SHA1.hash(data: key.x963Representation))
    }

    private static func text(_ certificate: Certificate, _ key: Certificate.PrivateKey) throws -> Data {
        Data("\(try key.serializeAsPEM().pemString)\n\(try certificate.serializeAsPEM().pemString)\n".utf8)
    }

    private static func pair(_ data: Data, _ path: String) throws -> (Certificate, Certificate.PrivateKey) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: String(decoding: data, as: UTF8.self)),
            documents.count == 2, let key = try? Certificate.PrivateKey(pemDocument: documents[0]),
            let certificate = try? Certificate(pemDocument: documents[1]), certificate.publicKey == key.publicKey
        else { throw CommandFailure("\(path) 的内容不是密钥和与它相符的证书。") }
        return (certificate, key)
    }
}

extension Certificate {
    /// The bytes that devices import.
    var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
