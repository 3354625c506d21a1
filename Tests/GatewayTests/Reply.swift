import Foundation
import NIOHTTP1
import Testing

/// An answer, read to its end.
struct Reply {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { get throws { try JSONDecoder().decode(JSON.self, from: Data(body)) } }

    /// The one field of this name; nil where there is none or more than one.
    subscript(name: String) -> String? { headers[name].count == 1 ? headers[name].first : nil }

    /// Every series of a Prometheus text by its name and labels.
    var series: [String: Double] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.reduce(into: [:]) { series, line in
            guard let space = line.lastIndex(of: " ") else { return }
            series[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }
}

/// Checks that an answer is a problem document (RFC 9457); without a slug its type says no more than the status.
func expectProblem(
    _ reply: Reply, _ status: Int, _ slug: String?, track: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(reply["Content-Type"] == "application/problem+json", sourceLocation: sourceLocation)
    #expect(reply["Cache-Control"] == "no-store", sourceLocation: sourceLocation)
    let problem = try reply.json
    #expect(problem["type"]?.text == slug.map { "/problems/\($0)" } ?? "about:blank", sourceLocation: sourceLocation)
    #expect(problem["status"] == .number(Double(status)), sourceLocation: sourceLocation)
    #expect(problem["title"]?.text?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(problem["detail"]?.text?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(problem["track"]?.text == track, sourceLocation: sourceLocation)
}
