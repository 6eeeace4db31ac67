import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// bagit.py, and Python's own reader of ZIP archives, judge what we write.
@Suite(
    "Foreign judges of the bag", .serialized,
    .enabled(if: Judge.python != nil || Judge.required, "the project's Python environment is not set up"))
struct BagJudgeTests {
    private func validate(_ path: String, in place: TemporaryDirectory) throws -> Judge.Result {
        let python = try #require(Judge.python, "LIUHEN_JUDGES=1 and .venv/bin/python is missing")
        return try Judge.run(python, ["-m", "bagit", "--validate", path], in: place, environment: ["PYTHONUTF8": "1"])
    }

    @Test("bagit.py finds our bags valid, and invalid after a change", arguments: DossierMode.allCases)
    func bagit(mode: DossierMode) throws {
        let fixture = try DossierFixture(.usual, mode: mode)
        let place = try TemporaryDirectory()
        _ = try fixture.write(to: DirectorySink(path: place.path + "/案卷"))
        let valid = try validate(place.path + "/案卷", in: place)
        #expect(valid.status == 0, "\(valid.output)")
        try place.write([1, 2, 3], to: "案卷/data/音像/现场-001.mp4")
        #expect(try validate(place.path + "/案卷", in: place).status != 0)
    }

    @Test("Python unpacks our archive, finds no error in it, and bagit.py finds what it unpacked valid")
    func zip() throws {
        let python = try #require(Judge.python, "LIUHEN_JUDGES=1 and .venv/bin/python is missing")
        let fixture = try DossierFixture(.usual)
        let place = try TemporaryDirectory()
        try place.write(try fixture.archive(), to: "a.zip")
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as z:
                assert z.testzip() is None
                assert all(i.compress_type == 0 and i.flag_bits & 0x800 for i in z.infolist())
                z.extractall(sys.argv[2])
                print(len(z.namelist()))
            """
        let unpacked = try Judge.run(python, ["-c", script, place.path + "/a.zip", place.path + "/out"], in: place)
        #expect(unpacked.output == "\(try fixture.bag().files.count)\n")
        #expect(try validate(place.path + "/out/案卷-示例", in: place).status == 0)
        let source = try DirectorySource(path: place.path + "/out/案卷-示例")
        #expect(
            try DossierVerification.verify(source, trust: DossierTrust(key: fixture.key.verifier)).outcome == .accepted)
        // An archive that another program packed is not read, compressed or not: it is verified unpacked, as above.
        let packing = """
            import os, sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w") as z:
                for top, _, names in os.walk(sys.argv[2]):
                    for name in names:
                        path = os.path.join(top, name)
                        z.write(path, os.path.relpath(path, os.path.dirname(sys.argv[2])))
            """
        #expect(
            try Judge.run(python, ["-c", packing, place.path + "/b.zip", place.path + "/out/案卷-示例"], in: place).status
                == 0)
        let refusal = #expect(throws: DossierUnreadable.self) {
            try ZipReader(FileBytes(path: place.path + "/b.zip"))
        }
        #expect(refusal?.code == .unsupported)
    }
}
