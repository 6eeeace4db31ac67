import Glibc
import Parsing

/// One parser under libFuzzer: `LIUHEN_PARSER` names it, of `Parser` or of `Arrival`. What is read must be written with the
/// same bytes.
///
/// `control` is no parser: it stops at four bytes that only a fuzzer that sees the branches taken comes upon. A run that
/// does not find them shows that nothing would be found.
private let parser: Parser? = Parser(rawValue: name)
private let arrival: Arrival? = Arrival(rawValue: name)

private let name: String = {
    let names = Parser.allCases.map(\.rawValue) + Arrival.allCases.map(\.rawValue)
    guard let name = getenv("LIUHEN_PARSER").map({ String(cString: $0) }), name == "control" || names.contains(name)
    else {
        say("LIUHEN_PARSER must be one of: \(names.joined(separator: " ")) control\n")
        exit(2)
    }
    return name
}()

private func say(_ line: String) {
    let bytes = Array(line.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let arrival {
        if let fault = arrival.fault(in: bytes) {
            say("\(arrival.rawValue): \(fault)\n")
            abort()
        }
        return 0
    }
    guard let parser else {
        if bytes.count > 3, bytes[0] == 0x46, bytes[1] == 0x55, bytes[2] == 0x5A, bytes[3] == 0xFF { abort() }
        return 0
    }
    if parser.outcome(of: bytes) == .differs {
        say("\(parser.rawValue): read, and written with other bytes\n")
        abort()
    }
    return 0
}

/// Called once by libFuzzer. With `LIUHEN_CORPUS` it writes the parser's valid inputs there, from which to begin, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    guard let directory = getenv("LIUHEN_CORPUS") else { return 0 }
    do {
        for (number, sample) in try (parser?.samples() ?? arrival?.samples ?? [[]]).enumerated() {
            guard let file = fopen("\(String(cString: directory))/\(number)", "w") else { exit(2) }
            _ = sample.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            fclose(file)
        }
    } catch {
        say("no samples: \(error)\n")
        exit(2)
    }
    exit(0)
}
