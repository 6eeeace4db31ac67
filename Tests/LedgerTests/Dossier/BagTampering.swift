import Kernel
import TestKit

@testable import Ledger

extension MemoryBag {
    /// Writes manifests and tag manifests anew, as somebody would who wants a change to go unseen.
    mutating func mendManifests() {
        let payload = files.filter { $0.key.description.hasPrefix("data/") }
        let octets = payload.values.reduce(0) { $0 + $1.count }
        if let info = files[DossierLayout.info] {
            let lines = String(decoding: info, as: UTF8.self).split(separator: "\n").map { line in
                line.hasPrefix("Payload-Oxum:") ? "Payload-Oxum: \(octets).\(payload.count)" : String(line)
            }
            files[DossierLayout.info] = Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        for (path, bytes) in zip(DossierLayout.manifests, BagTags.manifests(payload.mapValues { FileDigests.of($0) })) {
            files[path] = bytes
        }
        let tags = files.filter { path, _ in
            !path.description.hasPrefix("data/") && !DossierLayout.tagManifests.contains(path)
        }
        for (path, bytes) in zip(DossierLayout.tagManifests, BagTags.manifests(tags.mapValues { FileDigests.of($0) })) {
            files[path] = bytes
        }
    }
}
