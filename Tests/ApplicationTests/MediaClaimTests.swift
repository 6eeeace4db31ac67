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

    private func taken(_ name: String, _ type: String, _ bytes: [UInt8], by device: String) -> String? {
        MediaClaim.problem(mediaType: type, fileName: name, firstBytes: bytes, device: device)
    }

    @Test("what nobody can show is refused by name, and told what to bring instead")
    func unshown() {
        let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04, 0, 0]
        let files: [(String, String, [UInt8])] = [
            ("a.html", "text/html", Array("<script>1</script>".utf8)), ("a.txt", "text/plain", Array("\n <html>".utf8)),
            ("a.svg", "image/svg+xml", Array("<svg>".utf8)), ("a.jpg", "image/jpeg", Array("no picture".utf8)),
            ("a.png", "image/png", [1, 2, 3]), ("a.js", "", Array("alert(1)".utf8)), ("a.zip", "application/zip", zip),
            ("a.exe", "", Array("MZ".utf8) + [0, 1]), ("a.rar", "", Array("Rar!".utf8) + [0x1A]), ("a", "", []),
            ("a.docx", "", [0xD0, 0xCF, 0x11, 0xE0]), ("a.txt", "text/plain", [0, 1, 2]),
        ]
        for (name, type, bytes) in files {
            for device in ImportRecording.devices.map(\.word) {
                let said = taken(name, type, bytes, by: device)
                #expect(said?.contains(name) == true && said?.contains("没有登记") == true, "\(name) by \(device)")
            }
        }
    }

    @Test(
        "papers come from any device but a recorder, pictures and films from any, and a device's own format from a device"
    )
    func devices() {
        let papers: [(String, [UInt8])] = [
            ("缴款书.pdf", Array("%PDF-1.7\n".utf8)), ("说明.txt", Array("这是一份说明".utf8)),
            ("报表.xlsx", [0x50, 0x4B, 0x03, 0x04]),
            ("报表.et", [0xD0, 0xCF, 0x11, 0xE0]), ("通知.OFD", [0x50, 0x4B, 0x03, 0x04]),
        ]
        for (name, bytes) in papers {
            #expect(taken(name, "", bytes, by: "recorder")?.contains("不是执法记录仪记录的") == true, "\(name)")
            for device in ["scanner", "phone", "camera", "other"] { #expect(taken(name, "", bytes, by: device) == nil) }
        }
        for device in ImportRecording.devices.map(\.word) {
            #expect(taken("照片.jpg", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0], by: device) == nil)
            #expect(taken("照片.heic", "image/heic", [0, 0, 0, 0x18] + Array("ftypmif1".utf8), by: device) == nil)
            #expect(taken("录像.mp4", "video/mp4", [0, 0, 0, 0x18] + Array("ftypmp42".utf8), by: device) == nil)
            let own = taken("录像.dav", "", [0x44, 0x48, 0x41, 0x56, 0, 1, 2], by: device)
            #expect((own == nil) == ["recorder", "camera", "phone"].contains(device), "\(device)")
        }
    }
}
