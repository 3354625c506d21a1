package import Audio
internal import Glibc

extension DirectoryOriginals {
    /// Whether the Original's bytes are there. Blocks.
    package func contains(_ hash: OriginalHash) -> Bool {
        unsafe access(path(of: hash), F_OK) == 0
    }

    /// Puts finished files into the store and makes that durable. Blocks.
    ///
    /// The files must be synced and on the store's file system. The map goes last; the directory is synced after all of them, and
    /// a map that reaches the disk alone is found out by ``trackMap(of:)``.
    ///
    /// - Parameter original: Keeps its own name too, so that a crash before its row is written loses nothing. An Original that is
    ///   stored already stays what it is, unless it has lost its end. Nil where only what was made from it is new.
    package func publish(
        original: String?, packets: String?, measures: String, map: String, as hash: OriginalHash
    ) throws(SystemError) {
        let path = path(of: hash)
        let directory = String(path.dropLast(hash.hex.count + 1))
        try Directory.make(directory)
        if let original {
            try Directory.link(original, to: path)
            if try OpenFile(path).status().st_size != OpenFile(original).status().st_size {
                try Directory.move(original, to: path)
            }
        }
        if let packets { try Directory.move(packets, to: path + StoredFile.packets.suffix) }
        try Directory.move(measures, to: path + Self.measuresSuffix)
        try Directory.move(map, to: path + ".map")
        try Directory.sync(directory)
    }

    /// Puts what was measured anew of a stored Original beside it and makes that durable. No other file is touched. Blocks.
    ///
    /// The file must be synced and on the store's file system. Nothing is left of it if the Original went meanwhile.
    package func publish(measures: String, as hash: OriginalHash) throws(SystemError) {
        let path = path(of: hash)
        try Directory.move(measures, to: path + Self.measuresSuffix)
        guard contains(hash) else { return try Directory.remove(path + Self.measuresSuffix) }
        try Directory.sync(String(path.dropLast(hash.hex.count + 1)))
    }

    /// Moves a finished picture into the store, under its own hash, and makes that durable. Blocks.
    ///
    /// The file must be synced and on the store's file system.
    package func publish(picture: String, as hash: OriginalHash) throws(SystemError) {
        let path = path(of: hash)
        let directory = String(path.dropLast(hash.hex.count + 1))
        try Directory.make(directory)
        try Directory.move(picture, to: path)
        try Directory.sync(directory)
    }

    /// Removes an Original or a picture and everything made from it; what is not there is no error. Blocks.
    package func remove(_ hash: OriginalHash) throws(SystemError) {
        // Measures last: a new one that comes while the Original goes finds that it is gone.
        for suffix in [".map", StoredFile.packets.suffix, "", Self.measuresSuffix] {
            try Directory.remove(path(of: hash) + suffix)
        }
    }
}
