import ArgumentParser

/// Serves the bureaus of a data directory.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "启动服务。")

    @OptionGroup var options: PlaceOptions
    @OptionGroup var listening: ListenOptions

    func run() async throws {
        try await reporting {
            let (host, port) = try listening.address
            try Server.requireLoopback(host, isBehindProxy: listening.behindProxy)
            let premises = try await Premises.open(options.place)
            try await Server(premises: premises, host: host, port: port, demoAccounts: [])
                .run(isBehindProxy: listening.behindProxy)
        }
    }
}

/// Where to listen.
struct ListenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("监听地址。", valueName: "地址:端口"))
    var listen = "127.0.0.1:8080"

    @Flag(help: "前面有带证书的反向代理。")
    var behindProxy = false

    /// Host and port.
    var address: (host: String, port: Int) {
        get throws {
            guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
                (0...65_535).contains(port)
            else { throw CommandFailure("监听地址应写成 地址:端口，例如 127.0.0.1:8080。") }
            return (String(listen[..<colon]), port)
        }
    }
}
