/// The list of files at the end of a ZIP archive, read without trust.
struct ZipDirectory {
    let count: Int
    let directoryOffset: Int
    let directorySize: Int

    /// Finds the end record, in its 64-bit form if there is one.
    ///
    /// - Throws: `.unsupported` for an archive that does not say that `ZipWriter` wrote it.
    static func find(in bytes: some RandomAccessBytes) throws(DossierUnreadable) -> ZipDirectory {
        let tailSize = min(bytes.count, 22 + 65_535)
        guard tailSize >= 22 else { throw DossierUnreadable(.archive, "文件太短") }
        let tail = try bytes.read(at: bytes.count - tailSize, count: tailSize)
        // The comment must reach exactly to the end of the file.
        var position = tail.count - 22
        while position >= 0 {
            if Input(tail, at: position).uint32 == ZipRecords.endSignature,
                Int(Input(tail, at: position + 20).uint16) == tail.count - position - 22
            {
                break
            }
            position -= 1
        }
        guard position >= 0 else { throw DossierUnreadable(.archive, "找不到结尾的目录") }
        guard tail[(position + 22)...].elementsEqual(ZipRecords.marker) else {
            throw DossierUnreadable(.unsupported, "由别的程序打包过")
        }
        var input = Input(tail, at: position + 4)
        let disks = (input.take16(), input.take16())
        var (countHere, count) = (Int(input.take16()), Int(input.take16()))
        var (size, offset) = (Int(input.take32()), Int(input.take32()))
        guard disks == (0, 0) else { throw DossierUnreadable(.unsupported, "分卷压缩") }
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            guard position >= 20, Input(tail, at: position - 20).uint32 == ZipRecords.locator64Signature
            else { throw DossierUnreadable(.archive, "缺少 ZIP64 定位记录") }
            var locator = Input(tail, at: position - 16)
            let disk = locator.take32()
            guard disk == 0, let end64 = Int(exactly: locator.take64()), locator.take32() == 1,
                end64 <= bytes.count - 56
            else { throw DossierUnreadable(.archive, "ZIP64 定位记录有误") }
            let record = try bytes.read(at: end64, count: 56)
            input = Input(record, at: 0)
            guard input.take32() == ZipRecords.end64Signature else {
                throw DossierUnreadable(.archive, "ZIP64 结尾有误")
            }
            input = Input(record, at: 16)
            guard input.take32() == 0, input.take32() == 0, let large = Int(exactly: input.take64()),
                let all = Int(exactly: input.take64()), let length = Int(exactly: input.take64()),
                let start = Int(exactly: input.take64())
            else { throw DossierUnreadable(.archive, "ZIP64 结尾有误") }
            (countHere, count, size, offset) = (large, all, length, start)
        }
        guard countHere == count, count <= 2_000_000, size <= 1 << 30, offset <= bytes.count,
            size <= bytes.count - offset
        else { throw DossierUnreadable(.archive, "结尾的目录有误") }
        return ZipDirectory(count: count, directoryOffset: offset, directorySize: size)
    }

    /// Reads the list.
    static func entries(
        _ directory: ZipDirectory, in bytes: some RandomAccessBytes
    ) throws(DossierUnreadable) -> [ZipRecords.Entry] {
        let raw = try bytes.read(at: directory.directoryOffset, count: directory.directorySize)
        var entries: [ZipRecords.Entry] = []
        var position = 0
        for _ in 0..<directory.count {
            guard raw.count - position >= 46 else { throw DossierUnreadable(.archive, "目录不完整") }
            var input = Input(raw, at: position)
            guard input.take32() == ZipRecords.centralSignature else {
                throw DossierUnreadable(.archive, "目录有误")
            }
            input.skip(4)
            let (flags, method) = (input.take16(), input.take16())
            input.skip(4)
            let crc = input.take32()
            var compressed = UInt64(input.take32())
            var size = UInt64(input.take32())
            let lengths = (Int(input.take16()), Int(input.take16()), Int(input.take16()))
            guard input.take16() == 0 else { throw DossierUnreadable(.unsupported, "分卷压缩") }
            input.skip(2)
            let attributes = input.take32()
            var offset = UInt64(input.take32())
            position += 46
            guard raw.count - position >= lengths.0 + lengths.1 + lengths.2
            else { throw DossierUnreadable(.archive, "目录不完整") }
            let name = Array(raw[position..<(position + lengths.0)])
            let extra = raw[(position + lengths.0)..<(position + lengths.0 + lengths.1)]
            var wide = Wide(extra)
            if size == 0xFFFF_FFFF { size = try wide.take() }
            if compressed == 0xFFFF_FFFF { compressed = try wide.take() }
            if offset == 0xFFFF_FFFF { offset = try wide.take() }
            position += lengths.0 + lengths.1 + lengths.2
            guard let size = Int(exactly: size), let compressed = Int(exactly: compressed),
                let offset = Int(exactly: offset), size < 1 << 60, offset <= directory.directoryOffset
            else { throw DossierUnreadable(.archive, "目录有误") }
            guard attributes >> 28 != 0xA else {
                throw DossierUnreadable(.name, "链接 " + String(decoding: name, as: UTF8.self))
            }
            var entry = ZipRecords.Entry(name: name, offset: offset, size: size)
            (entry.crc, entry.compressedSize, entry.method, entry.flags) = (
                crc, compressed, method, flags
            )
            entry.attributes = attributes
            entries.append(entry)
            guard method == 0, compressed == size else {
                throw DossierUnreadable(.unsupported, "\(String(decoding: name, as: UTF8.self)) 经过压缩（方式 \(method)）")
            }
            // Only what ZipWriter writes: the record made anew must be the record read.
            let expected = ZipRecords.central(entry)
            guard expected.count == 46 + lengths.0 + lengths.1 + lengths.2,
                raw[(position - expected.count)..<position].elementsEqual(expected)
            else { throw DossierUnreadable(.archive, "目录被改动") }
        }
        guard position == raw.count else { throw DossierUnreadable(.archive, "目录之后有多余内容") }
        return entries
    }

    /// The 64-bit numbers of an extra field (id 1), taken in order.
    private struct Wide {
        private var rest: ArraySlice<UInt8> = []

        init(_ extra: ArraySlice<UInt8>) {
            var extra = extra
            while extra.count >= 4 {
                let bytes = Array(extra.prefix(4))
                let (id, length) = (Input(bytes, at: 0).uint16, Int(Input(bytes, at: 2).uint16))
                extra = extra.dropFirst(4)
                if id == 1 { rest = extra.prefix(length) }
                extra = extra.dropFirst(length)
            }
        }

        mutating func take() throws(DossierUnreadable) -> UInt64 {
            guard rest.count >= 8 else { throw DossierUnreadable(.archive, "缺少 ZIP64 长度") }
            defer { rest = rest.dropFirst(8) }
            return Input(Array(rest.prefix(8)), at: 0).uint64
        }
    }

    /// Little-endian numbers from bytes; zero beyond the end.
    private struct Input {
        private let bytes: [UInt8]
        private var position: Int

        init(_ bytes: [UInt8], at position: Int) {
            self.bytes = bytes
            self.position = position
        }

        private func value(_ count: Int) -> UInt64 {
            guard position >= 0, position + count <= bytes.count else { return 0 }
            return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
        }

        var uint16: UInt16 { UInt16(truncatingIfNeeded: value(2)) }
        var uint32: UInt32 { UInt32(truncatingIfNeeded: value(4)) }
        var uint64: UInt64 { value(8) }

        mutating func skip(_ count: Int) { position += count }

        mutating func take16() -> UInt16 {
            defer { position += 2 }
            return uint16
        }

        mutating func take32() -> UInt32 {
            defer { position += 4 }
            return uint32
        }

        mutating func take64() -> UInt64 {
            defer { position += 8 }
            return uint64
        }
    }
}
