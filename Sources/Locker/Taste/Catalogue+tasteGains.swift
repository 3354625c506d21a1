/// The account's taste follows every change in the transaction that makes it.
extension Catalogue {
    static func learnsTaste(of account: Int64, _ db: any Connection) throws -> Bool {
        try db.exists("SELECT 1 FROM account WHERE id = ? AND taste IS NOT NULL", [account])
    }

    /// Adds to the weight of a track. The caller knows that the account is opted in.
    static func addTaste(_ gain: Double, for track: String, of account: Int64, at time: Int, _ db: any Connection) throws {
        guard gain != 0 else { return }
        let known = try db.first("SELECT weight, at FROM taste WHERE account = ? AND track = ?", [account, track]) {
            TasteWeight($0[0], at: $0[1])
        }
        var weight = known ?? TasteWeight(0, at: time)
        weight.add(gain, at: time)
        try setTaste(weight, for: track, of: account, db)
    }

    private static func setTaste(_ weight: TasteWeight, for track: String, of account: Int64, _ db: any Connection) throws {
        try db.run(
            """
            INSERT INTO taste (account, track, weight, at, recording) VALUES (?, ?, ?, ?, (
                SELECT sound.recording FROM track JOIN sound ON sound.sha256 = track.sha256 WHERE track.id = ?
            ))
            ON CONFLICT (account, track) DO UPDATE SET weight = excluded.weight, at = excluded.at
            """, [account, track, weight.weight, weight.at, track])
    }

    /// Whether a play of the track at this time makes one more of its day that counts, or one less if it goes.
    ///
    /// - Parameter table: `play` or `skip`.
    static func countsToday(
        _ table: String, _ track: String, of account: Int64, at time: Int, _ db: any Connection
    ) throws -> Bool {
        let start = time - time % CalendarDay.milliseconds
        let others: Int? = try db.value(
            "SELECT count(*) FROM \(table) WHERE account = ? AND at >= ? AND at < ? AND track = ? AND at <> ?",
            [account, start, start + CalendarDay.milliseconds, track, time])
        return others ?? 0 < TasteGain.mostADay
    }

    /// Computes weights anew from what the account owns, has marked, has heard and has skipped.
    ///
    /// Owning counts from when the track was added and a favourite from when it became one; a rating has no time, and counts
    /// from now.
    ///
    /// - Parameter track: nil for all tracks of the account.
    static func rebuildTaste(of account: Int64, track: String? = nil, at now: Int, _ db: any Connection) throws {
        let (key, reference) = track == nil ? ("account", "account") : ("id", "track")
        let argument: any Bindable = track.map { $0 as any Bindable } ?? account
        var weights: [String: (weight: TasteWeight, duration: Int)] = [:]
        try db.rows("SELECT id, added, favourite, rating, samples, sampleRate FROM track WHERE \(key) = ?", [argument]) { row in
            var weight = TasteWeight(TasteGain.owned, at: row[1])
            let marks = Marks(stored: row[2], rating: row[3])
            weight.add(TasteGain.ofMarks(marks), at: marks.favourite ?? (marks.rating == 5 ? now : row[1]))
            weights[row[0]] = (weight, Track.milliseconds(samples: row[4], rate: row[5]))
            return true
        }
        func add(_ statement: String, _ gain: (_ heard: Int?, _ duration: Int) -> Double) throws {
            var days: [String: (day: Int, count: Int)] = [:]
            try db.rows(statement, [argument]) { row in
                let (id, time): (String, Int) = (row[0], row[1])
                guard let duration = weights[id]?.duration else { return true }
                let day = time / CalendarDay.milliseconds
                let count = days[id].map { $0.day == day ? $0.count : 0 } ?? 0
                days[id] = (day, count + 1)
                if count < TasteGain.mostADay { weights[id]?.weight.add(gain(row[2], duration), at: time) }
                return true
            }
        }
        try add("SELECT track, at, heard FROM play WHERE \(reference) = ? ORDER BY at", TasteGain.ofPlay)
        try add("SELECT track, at, heard FROM skip WHERE \(reference) = ? ORDER BY at") { _, _ in TasteGain.skipped }
        try db.run("DELETE FROM taste WHERE \(reference) = ?", [argument])
        for (id, known) in weights { try setTaste(known.weight, for: id, of: account, db) }
    }
}

extension Track {
    /// The length in milliseconds.
    static func milliseconds(samples: Int, rate: Int) -> Int {
        let milliseconds = Double(samples) * 1000 / Double(max(1, rate))
        return Int(exactly: milliseconds.rounded()) ?? .max
    }
}
