import Application
import Crypto
import Kernel

extension FileVault {
    /// Makes the directory of an arrival with a new key, durable, and an empty data file.
    ///
    /// If we die in here or later, before a journal stands in the directory, the next start removes it: nothing of it
    /// was acknowledged.
    func beginArrival(_ form: SealedForm) throws(VaultError) -> (cipher: ObjectCipher, data: Int32) {
        let arrival = layout.arrival(form.id)
        let key = SymmetricKey(size: .bits256)
        let wrapped = try KeyFile.wrap(key, of: form.id, under: keys.current)
        do throws(SystemCallError) {
            try operations.makeDirectory(arrival.directory)
            let keyFile = try operations.open(arrival.key, .creating)
            defer { operations.close(keyFile) }
            try FileVault.write(wrapped, to: keyFile, at: 0, operations)
            try operations.synchronize(keyFile)
            return (ObjectCipher(form: form, key: key), try operations.open(arrival.data, .creating))
        } catch {
            abandonArrival(form.id)
            throw writing(error)
        }
    }

    /// Best effort, for an arrival that failed. What cannot be removed now the next start removes.
    func abandonArrival(_ id: ObjectID) {
        guard stopCause == nil else { return }
        try? removeArrival(id)
    }

    /// Makes an object of an arrival that is whole.
    ///
    /// - Parameter data: its data file, every segment written.
    func place(_ facts: ObjectFacts, cipher: ObjectCipher, data: Int32) throws(VaultError) {
        let id = facts.id
        let arrival = layout.arrival(id)
        var prefix = cipher.form.head + (try cipher.sealFacts(facts))
        prefix += [UInt8](repeating: 0, count: Int(SealedForm.bodyOffset) - prefix.count)
        do throws(SystemCallError) {
            // The head is written only now: before, nothing had made it durable.
            try FileVault.write(prefix, to: data, at: 0, operations)
            try operations.synchronize(data)
            // If we die here: the bytes are durable and still incoming. One-shot ingest: removed at the next start.
            // Upload: its journal says complete, and it is finished again.
            if try operations.exists(arrival.key) {
                try operations.rename(arrival.key, to: layout.key(id))
                try operations.synchronizeDirectory(layout.keyFolder(id))
            }
            // If we die here: the key stands in its place without an object. Ingest: the next start removes both.
            // Upload: it is finished again, with the key found there.
            if try operations.exists(arrival.data) {
                try operations.rename(arrival.data, to: layout.object(id))
            }
            try operations.synchronizeDirectory(layout.objectFolder(id))
            try operations.synchronizeDirectory(arrival.directory)
            // If we die here: the object is whole and in its place, whether or not anybody heard of it.
        } catch {
            throw writing(error)
        }
    }
}
