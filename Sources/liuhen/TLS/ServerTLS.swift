import Crypto
import Foundation
import Kernel
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import Web
import X509

/// How the way from browser to server is encrypted.
struct ServerTLS: Sendable {
    let configuration: TLSConfiguration
    /// The authority that devices are asked to trust; nil with a certificate from elsewhere.
    let trust: TrustAnchor?
    /// Whether browsers may be told to insist on encryption: never for what they do not trust by themselves.
    let isPublic: Bool
    /// Makes a new leaf when the old one is near its end; nil with a certificate from elsewhere.
    let renewal: LeafRenewal?

    /// A certificate from elsewhere.
    init(certificate path: String, key keyPath: String, at now: Date) throws {
        guard let pem = FileManager.default.contents(atPath: path),
            let chain = try? NIOSSLCertificate.fromPEMBytes([UInt8](pem)), !chain.isEmpty,
            let first = try? Certificate(derEncoded: try chain[0].toDERBytes())
        else { throw CommandFailure("\(path) 不是 PEM 格式的证书。") }
        guard let key = try? NIOSSLPrivateKey(file: keyPath, format: .pem) else {
            throw CommandFailure("\(keyPath) 不是 PEM 格式的私钥，或者读不到。")
        }
        guard first.notValidBefore <= now, now < first.notValidAfter else {
            throw CommandFailure("证书 \(path) 不在有效期内（\(first.notValidBefore) 至 \(first.notValidAfter)）。请换新证书再启动。")
        }
        configuration = ServerTLS.configuration(chain.map { .certificate($0) }, .privateKey(key))
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw CommandFailure("证书 \(path) 与私钥 \(keyPath) 不相符：\(error)")
        }
        trust = nil
        isPublic = first.issuer != first.subject
        renewal = nil
    }

    /// The server's own authority.
    init(local keys: String, names: ServerNames, at now: Date) throws {
        let authority = try LocalAuthority(keys: keys, at: now)
        let renewal = try LeafRenewal(authority: authority, names: names, at: now)
        let current = renewal.current
        var configuration = ServerTLS.configuration(current.chain, current.key)
        // Asked for at each connection, so that a leaf made while the server runs is used at once.
        configuration.sslContextCallback = { _, promise in
            let (chain, key) = renewal.current
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = chain
            override.privateKey = key
            promise.succeed(override)
        }
        self.configuration = configuration
        let der = try authority.certificate.derBytes
        trust = TrustAnchor(certificate: der, fingerprint: Array(SHA256.hash(data: der)))
        isPublic = false
        self.renewal = renewal
    }

    private static func configuration(
        _ chain: [NIOSSLCertificateSource], _ key: NIOSSLPrivateKeySource
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}

/// The leaf in use, and the next one.
final class LeafRenewal: Sendable {
    private let authority: LocalAuthority
    private let names: ServerNames
    private let state: Mutex<LocalAuthority.Leaf>
    private let prepared: Mutex<(chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource)>

    init(authority: LocalAuthority, names: ServerNames, at now: Date) throws {
        let leaf = try authority.leaf(for: names, at: now).leaf
        self.authority = authority
        self.names = names
        state = Mutex(leaf)
        prepared = Mutex(try LeafRenewal.sources(leaf))
    }

    /// What a handshake presents.
    var current: (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource) { prepared.withLock { $0 } }

    /// Makes a new leaf if the present one is near its end.
    ///
    /// - Returns: whether one was made.
    func renew(at now: Date) throws -> Bool {
        guard !state.withLock({ $0.fits(names, authority: authority.certificate, at: now) }) else { return false }
        let leaf = try authority.leaf(for: names, at: now).leaf
        let sources = try LeafRenewal.sources(leaf)
        state.withLock { $0 = leaf }
        prepared.withLock { $0 = sources }
        return true
    }

    private static func sources(
        _ leaf: LocalAuthority.Leaf
    ) throws -> (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource) {
        let certificate = try NIOSSLCertificate(bytes: try leaf.certificate.derBytes, format: .der)
        let key = try NIOSSLPrivateKey(bytes: Array(try leaf.key.serializeAsPEM().pemString.utf8), format: .pem)
        return ([.certificate(certificate)], .privateKey(key))
    }
}
