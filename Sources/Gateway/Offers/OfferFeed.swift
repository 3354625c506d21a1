import Audio
import FileSystem
import Foundation
import Glibc
import Taste

/// What the operator offers: a file of YAML or JSON, with pictures beside it. The guide has the form.
struct OfferFeed: Sendable {
    /// Bytes of the longest feed.
    static let longest = 1 << 20
    /// The most offers in one.
    static let most = 1000

    let offers: [Offer]
    /// The folder of the file, where pictures are.
    let folder: String
    /// Of each offer.
    let traits: [OfferTraits]
    private let places: [String: Int]

    init(_ offers: [Offer] = [], folder: String = "") {
        (self.offers, self.folder) = (offers, folder)
        traits = offers.map(\.traits)
        places = Dictionary(zip(offers.map(\.id), offers.indices)) { first, _ in first }
    }

    /// Reads a feed. Blocks.
    ///
    /// - Throws: if anything in it is not as the guide has it, or a picture is not there.
    init(path: String) throws(RefusedOffers) {
        let bytes = try Self.bytes(ofFileAt: path)
        let folder = Self.folder(of: path)
        var (offers, problems) = OfferReader.read(bytes)
        for offer in offers {
            guard let name = offer.picture else { continue }
            do throws(OfferProblem) {
                _ = try OfferPicture.format(of: name, in: folder)
            } catch {
                problems.append(OfferProblem(error.text, line: offer.line))
            }
        }
        problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        guard problems.isEmpty else { throw RefusedOffers(problems: Array(problems.prefix(20))) }
        self.init(offers, folder: folder)
    }

    subscript(id: String) -> Offer? { places[id].map { offers[$0] } }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A link is followed: the operator named the file.
    private static func bytes(ofFileAt path: String) throws(RefusedOffers) -> [UInt8] {
        let problem: OfferProblem
        do throws(SystemError) {
            // A pipe must not be waited for.
            let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
            let state = try file.state()
            if !state.isRegular {
                problem = OfferProblem("it is not a file")
            } else if state.size > longest {
                problem = OfferProblem("it has \(state.size) bytes, but may have \(longest)")
            } else {
                let bytes = try file.read(0..<longest + 1)
                if bytes.count == state.size { return bytes }
                problem = OfferProblem("it changed while it was read")
            }
        } catch {
            problem = OfferProblem("it cannot be read: \(error)")
        }
        throw RefusedOffers(problems: [problem])
    }
}
