import ArgumentParser

/// 留痕: the one program of a bureau's server.
@main
struct Liuhen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liuhen",
        abstract: "留痕：行政执法全过程记录系统。",
        discussion: "数据、密钥和锁文件分放三个目录，缺一不能启动。各子命令的用法见 liuhen help 子命令。",
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ServeCommand.self, DemoCommand.self, LedgerCommand.self, DossierCommand.self,
            PersonCommand.self, CalendarCommand.self,
            BackupCommand.self, RestoreCommand.self, DoctorCommand.self,
        ] + forTests)

    #if DEBUG
    private static let forTests: [any ParsableCommand.Type] = [ExerciseCommand.self, ExerciseCheckCommand.self]
    #else
    private static let forTests: [any ParsableCommand.Type] = []
    #endif
}
