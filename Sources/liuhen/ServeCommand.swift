import ArgumentParser
import Foundation
import Web

/// Serves the bureaus of a data directory.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "启动服务。")

    @OptionGroup var options: PlaceOptions
    @OptionGroup var listening: ListenOptions

    @Option(
        help: ArgumentHelp(
            "向外人公开这家机关账本的全部叶和散列（tlog-tiles），可以给多个。看不到内容和姓名，但看得出一共多少条、什么时候增加。",
            valueName: "机关简称"))
    var openTiles: [String] = []

    @Option(
        help: ArgumentHelp(
            "隔多少天在后台把证据逐件读出核对一遍，结果登记在案；0 表示不核对。", valueName: "天数"))
    var fixityDays = 30

    func run() async throws {
        try await reporting {
            guard (0...3650).contains(fixityDays) else { throw CommandFailure("--fixity-days 请写 0 到 3650。") }
            let (host, port) = try listening.address
            let place = options.place
            // Without protection no other address is looked at.
            let way = try listening.way(host: host, keys: place.keys)
            let limits = try listening.limits
            try PortCheck.requireFree(host, port)
            let premises = try await Premises.open(place)
            let known = premises.bureaus.map(\.office.bureau.description)
            if let stranger = openTiles.first(where: { !known.contains($0) }) {
                throw CommandFailure("--open-tiles：没有简称为“\(stranger)”的机关，这里有：\(known.joined(separator: "、"))。")
            }
            try await Server(
                premises: premises, host: host, port: port, demoAccounts: [], limits: limits,
                openTiles: Set(openTiles), fixityDays: fixityDays
            ).run(way)
        }
    }
}

extension Server {
    /// The way from the browser to this process.
    struct Way: Sendable {
        let isProxy: Bool
        let tls: ServerTLS?

        /// Unencrypted, within this machine.
        static let plain = Way(isProxy: false, tls: nil)
    }
}

/// Where to listen, and how the way to the browser is protected.
struct ListenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("监听地址。", valueName: "地址:端口"))
    var listen = "127.0.0.1:8080"

    @Flag(help: "前面有带证书的反向代理。")
    var behindProxy = false

    @Option(help: ArgumentHelp("证书链文件（PEM），连同 --tls-key 使用。", valueName: "文件"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("证书的私钥文件（PEM）。", valueName: "文件"))
    var tlsKey: String?

    @Flag(help: "用本机自己的证书机构加密；各台设备按 /trust 页面的说明信任一次。")
    var tlsLocal = false

    @Option(help: ArgumentHelp("浏览器还会用到的服务器名称或者地址，可以给多个；与 --tls-local 同用。", valueName: "名称"))
    var tlsName: [String] = []

    @Option(help: ArgumentHelp("最多同时保持的连接数；满了，先关闭空闲最久的。", valueName: "个数"))
    var connections = ConnectionLimits().inAll

    @Option(help: ArgumentHelp("来自同一个地址的连接最多几个；本机（反向代理）不受此限。", valueName: "个数"))
    var connectionsPerAddress = ConnectionLimits().perAddress

    /// How many connections are held.
    var limits: ConnectionLimits {
        get throws {
            guard (10...100_000).contains(connections), (1...connections).contains(connectionsPerAddress) else {
                throw CommandFailure("--connections 请写 10 到 100000，--connections-per-address 不能超过它。")
            }
            var limits = ConnectionLimits()
            (limits.inAll, limits.perAddress) = (connections, connectionsPerAddress)
            return limits
        }
    }

    /// Host and port.
    var address: (host: String, port: Int) {
        get throws {
            guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
                (0...65_535).contains(port)
            else { throw CommandFailure("监听地址应写成 地址:端口，例如 127.0.0.1:8080。") }
            // An IPv6 address stands in brackets before the port.
            let host = listen[..<colon]
            return (
                host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host), port
            )
        }
    }

    /// How the way is protected. Beyond this machine it must be: passwords and cases would be open to the network.
    func way(host: String, keys: String) throws -> Server.Way {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw CommandFailure("--tls-certificate 和 --tls-key 要一起给出。")
        }
        guard [tlsCertificate != nil, tlsLocal, behindProxy].count(where: { $0 }) <= 1 else {
            throw CommandFailure("--tls-certificate、--tls-local 和 --behind-proxy 只能用一种。")
        }
        guard tlsName.isEmpty || tlsLocal else { throw CommandFailure("--tls-name 只与 --tls-local 同用。") }
        if let tlsCertificate, let tlsKey {
            return Server.Way(
                isProxy: false, tls: try ServerTLS(certificate: tlsCertificate, key: tlsKey, at: Date()))
        }
        if tlsLocal {
            let names = ServerNames(listening: host, extra: tlsName)
            return Server.Way(isProxy: false, tls: try ServerTLS(local: keys, names: names, at: Date()))
        }
        let isLoopback =
            host == "localhost"
            || ServerNames.address(host).map { $0.count == 4 ? $0[0] == 127 : $0 == ListenOptions.loopback }
                ?? false
        guard isLoopback || behindProxy else {
            throw CommandFailure(
                "为了不让密码和案件内容明文经过网络，只在本机地址（127.0.0.1）上不加密。要给其他电脑使用，请选一种："
                    + "有证书的，--tls-certificate 证书 --tls-key 私钥；没有证书的，--tls-local；"
                    + "前面有带证书的反向代理的，--behind-proxy。")
        }
        return Server.Way(isProxy: behindProxy, tls: nil)
    }

    private static let loopback = [UInt8](repeating: 0, count: 15) + [1]
}
