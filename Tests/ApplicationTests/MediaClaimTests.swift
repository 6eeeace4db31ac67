import Application
import Testing

@Suite("What is said to be a film and cannot be one")
struct MediaClaimTests {
    private func problem(_ type: String, _ bytes: [UInt8]) -> String? {
        MediaClaim.problem(mediaType: type, fileName: "现场.mp4", firstBytes: bytes)
    }

    @Test("text, papers and nothing at all are told from their first bytes, whatever they are called")
    func refused() {
        var files: [[UInt8]] = ["", "17 bytes of text.", "这是一份说明", "<html>", "%PDF-1.7\n"].map { Array($0.utf8) }
        files.append([0x50, 0x4B, 0x03, 0x04, 0, 0])
        files.append(Array(Array("录像".utf8).dropLast()))
        for bytes in files {
            for type in ["video/mp4", "audio/mpeg", "video/"] {
                let said = problem(type, bytes)
                #expect(said?.contains("现场.mp4") == true && said?.contains("没有登记") == true, "\(bytes) as \(type)")
            }
            #expect(problem("image/jpeg", bytes) == nil && problem("text/plain", bytes) == nil)
        }
    }

    @Test("the beginnings of films and sounds pass")
    func accepted() {
        var files: [[UInt8]] = ["RIFF....AVI ", "OggS", "ID3", "fLaC", "#!AMR\n", "    ftypqt"].map { Array($0.utf8) }
        files +=
            [[0x1A, 0x45, 0xDF, 0xA3], [0xFF, 0xFB, 0x90], [0x47, 0x40, 0, 0x10], [0, 0, 1, 0xBA]] as [[UInt8]]
        files.append([0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70])
        for bytes in files {
            #expect(problem("video/mp4", bytes) == nil, "\(bytes)")
        }
    }
}
