import Audio
import Foundation
import Yams

/// Reads the offers of a feed, and notes everything that is wrong with it.
///
/// JSON is read as YAML, which contains it, so that both have lines. A feed's form is flat: whatever it is nested in, nothing here
/// recurses.
struct OfferReader {
    private var offers: [Offer] = []
    private var problems: [OfferProblem] = []
    private var lines: [String: Int] = [:]

    /// The offers that are right, and what is wrong with the others.
    static func read(_ bytes: [UInt8]) -> (offers: [Offer], problems: [OfferProblem]) {
        var reader = OfferReader()
        do throws(OfferProblem) {
            try reader.read(try root(of: try OfferText.checked(bytes)))
        } catch {
            reader.problems.append(error)
        }
        return (reader.offers, reader.problems)
    }

    private static func root(of text: String) throws(OfferProblem) -> Node? {
        do {
            // The parser keeps the address of the text, which a short one does not have: the lines at the end make it long.
            return try Parser(yaml: text + String(repeating: "\n", count: 16), encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw OfferProblem(error, in: text)
        } catch {
            throw OfferProblem("it is not YAML")
        }
    }

    private mutating func read(_ root: Node?) throws(OfferProblem) {
        guard case .mapping(let members) = root, members.count == 1, let (name, list) = members.first, name.string == "offers"
        else {
            throw OfferProblem("it must be one list, offers", line: root?.mark?.line)
        }
        if list.isAbsent { return }
        guard case .sequence(let items) = list else { throw OfferProblem("offers must be a list", line: list.mark?.line) }
        guard items.count <= OfferFeed.most else {
            throw OfferProblem("it may have \(OfferFeed.most) offers, not \(items.count)")
        }
        for item in items {
            guard case .mapping(let members) = item else {
                problems.append(OfferProblem("an offer must have members: id, kind, title, url", line: item.mark?.line))
                continue
            }
            var entry = OfferEntry(members)
            if let offer = entry.offer() {
                if let line = lines[offer.id] {
                    entry.problems.append(OfferProblem("id: line \(line) has the same", line: entry.line))
                }
                lines[offer.id] = offer.line
                offers.append(offer)
            }
            problems += entry.problems
        }
    }
}

extension Node {
    /// Whether it says that there is no value.
    var isAbsent: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension OfferProblem {
    /// What the parser complains of, with its line.
    fileprivate init(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            // What is not ended is missed behind the lines that were added.
            let last = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
            self.init("it is not YAML: \(problem.printable)", line: min(mark.line, last))
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.utf8.prefix(max(0, $0)).count { $0 == UInt8(ascii: "\n") } + 1 }
            self.init("it is not YAML: \(problem.printable)", line: line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init("\(Self.quoted(duplicates.first ?? "")) is there twice", line: context.mark.line)
        default:
            self.init("it is not YAML")
        }
    }
}
