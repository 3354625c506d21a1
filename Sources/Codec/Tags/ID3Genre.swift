/// Genres as ID3 writes them.
enum ID3Genre {
    /// The genres of a TCON value: a number of ID3v1's list, `RX`, `CR`, text, or ID3v2.3's `(17)(RX)Text`, whose text is an
    /// addition to the references (ID3v2.3 §4.2.1, ID3v2.4 §4.2.3).
    static func genres(in text: String) -> [String] {
        if let number = number(text[...]) { return [name(number)] }
        if let word = words[text] { return [word] }
        var genres: [String] = []
        var rest = text[...]
        while rest.utf8.first == UInt8(ascii: "("), let end = rest.utf8.firstIndex(of: UInt8(ascii: ")")) {
            let inside = rest[rest.utf8.index(after: rest.startIndex)..<end]
            guard let genre = words[String(inside)] ?? number(inside).map(name) else { break }
            genres.append(genre)
            rest = rest[rest.utf8.index(after: end)...]
        }
        // A text that begins with a bracket doubles it.
        if rest.utf8.starts(with: "((".utf8) { rest.unicodeScalars.removeFirst() }
        if !rest.isEmpty, !genres.contains(String(rest)) { genres.append(String(rest)) }
        return genres
    }

    /// The genre of a number; empty if there is none.
    static func name(_ number: Int) -> String {
        names.indices.contains(number) ? names[number] : ""
    }

    private static let words = ["RX": "Remix", "CR": "Cover"]

    private static func number(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit), let number = Int(text), number < 256 else {
            return nil
        }
        return number
    }

    /// ID3v1's 80 genres and Winamp's extensions (https://en.wikipedia.org/wiki/List_of_ID3v1_genres).
    private static let names = [
        "Blues", "Classic Rock", "Country", "Dance", "Disco", "Funk", "Grunge", "Hip-Hop", "Jazz", "Metal", "New Age", "Oldies",
        "Other", "Pop", "R&B", "Rap", "Reggae", "Rock", "Techno", "Industrial", "Alternative", "Ska", "Death Metal", "Pranks",
        "Soundtrack", "Euro-Techno", "Ambient", "Trip-Hop", "Vocal", "Jazz+Funk", "Fusion", "Trance", "Classical",
        "Instrumental", "Acid", "House", "Game", "Sound Clip", "Gospel", "Noise", "Alt. Rock", "Bass", "Soul", "Punk", "Space",
        "Meditative", "Instrumental Pop", "Instrumental Rock", "Ethnic", "Gothic", "Darkwave", "Techno-Industrial",
        "Electronic", "Pop-Folk", "Eurodance", "Dream", "Southern Rock", "Comedy", "Cult", "Gangsta Rap", "Top 40",
        "Christian Rap", "Pop/Funk", "Jungle", "Native American", "Cabaret", "New Wave", "Psychedelic", "Rave", "Showtunes",
        "Trailer", "Lo-Fi", "Tribal", "Acid Punk", "Acid Jazz", "Polka", "Retro", "Musical", "Rock & Roll", "Hard Rock", "Folk",
        "Folk-Rock", "National Folk", "Swing", "Fast-Fusion", "Bebop", "Latin", "Revival", "Celtic", "Bluegrass", "Avantgarde",
        "Gothic Rock", "Progressive Rock", "Psychedelic Rock", "Symphonic Rock", "Slow Rock", "Big Band", "Chorus",
        "Easy Listening", "Acoustic", "Humour", "Speech", "Chanson", "Opera", "Chamber Music", "Sonata", "Symphony",
        "Booty Bass", "Primus", "Porn Groove", "Satire", "Slow Jam", "Club", "Tango", "Samba", "Folklore", "Ballad",
        "Power Ballad", "Rhythmic Soul", "Freestyle", "Duet", "Punk Rock", "Drum Solo", "A Cappella", "Euro-House",
        "Dance Hall", "Goa", "Drum & Bass", "Club-House", "Hardcore", "Terror", "Indie", "BritPop", "Afro-Punk", "Polsk Punk",
        "Beat", "Christian Gangsta Rap", "Heavy Metal", "Black Metal", "Crossover", "Contemporary Christian", "Christian Rock",
        "Merengue", "Salsa", "Thrash Metal", "Anime", "JPop", "Synthpop", "Abstract", "Art Rock", "Baroque", "Bhangra",
        "Big Beat", "Breakbeat", "Chillout", "Downtempo", "Dub", "EBM", "Eclectic", "Electro", "Electroclash", "Emo",
        "Experimental", "Garage", "Global", "IDM", "Illbient", "Industro-Goth", "Jam Band", "Krautrock", "Leftfield", "Lounge",
        "Math Rock", "New Romantic", "Nu-Breakz", "Post-Punk", "Post-Rock", "Psytrance", "Shoegaze", "Space Rock", "Trop Rock",
        "World Music", "Neoclassical", "Audiobook", "Audio Theatre", "Neue Deutsche Welle", "Podcast", "Indie Rock", "G-Funk",
        "Dubstep", "Garage Rock", "Psybient"
    ]
}
