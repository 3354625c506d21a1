import HTTPTypes
import Locker

/// `/api/v1/openapi.json`: the requests and answers of `/api/v1`, as OpenAPI 3.1. A test compares it with the running
/// server.
///
/// Every route is registered with its ``Operation``, and the document is made from the registrations.
enum OpenAPI {
    /// A value that a client sends beside the body.
    struct Parameter: Sendable {
        var name: String
        var place = "query"
        var description: String
        var schema: JSONLiteral
        var isRequired = false
    }

    struct Operation: Sendable {
        var summary: String
        var parameters: [Parameter] = []
        /// Shape of the request's body; nil if there is none.
        var body: JSONLiteral?
        var bodyType = "application/json"
        var needsBody = true
        var status = 200
        /// Shape of the answer's body; nil if there is none.
        var answer: JSONLiteral?
        var answerType = "application/json"
        /// Types that the answer may have instead.
        var otherTypes: [String] = []
        /// Other answers that are not problems, by status, with the shape of their body; nil if there is none.
        var others: [Int: JSONLiteral?] = [:]
        /// Fields of every answer that is not a problem.
        var headers: [String: JSONLiteral] = [:]
        /// Whether a JSON answer to GET has an entity tag, and clients may keep it.
        var isKept = true
        /// Statuses of the problems that only this operation has. ``commonProblems(_:_:_:)`` has those of every operation.
        var problems: [Int] = []
    }

    static let base = "/api/v1"
    /// The fields of an answer that a problem of this status always has.
    private static let problemHeaders: [Int: [String: JSONLiteral]] = [
        401: ["WWW-Authenticate": text], 405: ["Allow": text], 429: ["Retry-After": number(in: 1...86400)],
        503: ["Retry-After": number(in: 1...86400)]
    ]

    /// The document of the registered routes.
    ///
    /// - Parameters:
    ///   - routes: those of `/api/v1` are described, except HEAD, which is like its GET.
    static func document(of routes: [Routes.Operation], access: ServerConfiguration.Access) -> JSONLiteral {
        var items: [String: [String: JSONLiteral]] = [:]
        for route in routes where route.path.hasPrefix(base + "/") && route.method != .head {
            guard let operation = route.description else { continue }
            let parts = route.path.dropFirst(base.count).split(separator: "/")
            let path = parts.map { $0.hasPrefix(":") ? "/{\($0.dropFirst())}" : "/\($0)" }.joined()
            items[path, default: [:]][route.method.rawValue.lowercased()] = describe(operation, route, access)
            let parameters = parts.filter { $0.hasPrefix(":") }.map { part -> JSONLiteral in
                let schema =
                    switch part {
                    case ":token": limitedText(upTo: 44)
                    case ":year": number(in: 1970...9999)
                    case ":offer": offerID
                    default: id
                    }
                return ["name": .text(String(part.dropFirst())), "in": "path", "required": true, "schema": schema]
            }
            if !parameters.isEmpty { items[path]?["parameters"] = .list(parameters) }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "sweetspot", "version": "1",
                "description": "A personal music locker. Errors are problem documents (RFC 9457); lists have items and next."
            ],
            "servers": [["url": .text(base)]], "paths": .object(items.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas.merging(yearSchemas) { $1 }.merging(tasteSchemas) { $1 }.merging(offerSchemas) { $1 }),
                "securitySchemes": .object(securitySchemes(access))
            ]
        ]
    }

    private static func securitySchemes(_ access: ServerConfiguration.Access) -> [String: JSONLiteral] {
        let bearer: JSONLiteral = ["type": "http", "scheme": "bearer"]
        return switch access {
        case .open: [:]
        case .token: ["bearer": bearer]
        case .accounts:
            ["bearer": bearer, "session": ["type": "apiKey", "in": "cookie", "name": .text(Authentication.cookie)]]
        }
    }

    private static func describe(
        _ operation: Operation, _ route: Routes.Operation, _ access: ServerConfiguration.Access
    ) -> JSONLiteral {
        var answers: [String: JSONLiteral] = [:]
        var (headers, others) = (operation.headers, operation.others)
        if isDocument(operation, route) {
            headers.merge(["ETag": text, "Vary": text]) { own, _ in own }
            others[304] = .some(nil)
        }
        let types = [operation.answerType] + operation.otherTypes
        answers["\(operation.status)"] = success(operation.answer, types, headers)
        for (status, answer) in others { answers["\(status)"] = success(answer, types, headers) }
        for status in operation.problems + commonProblems(operation, route, access) {
            var answer: [String: JSONLiteral] = [
                "description": "a problem", "content": ["application/problem+json": ["schema": reference("Problem")]]
            ]
            if let headers = problemHeaders[status] { answer["headers"] = described(headers) }
            answers["\(status)"] = .object(answer)
        }
        var members: [String: JSONLiteral] = ["summary": .text(operation.summary), "responses": .object(answers)]
        if let scope = route.scope.keyScope {
            members["x-scope"] = .text(scope.isEmpty ? "any" : scope.names.joined(separator: ", "))
            let schemes = securitySchemes(access).keys.sorted()
            if !schemes.isEmpty { members["security"] = .list(schemes.map { .object([$0: []]) }) }
        }
        if !operation.parameters.isEmpty {
            members["parameters"] = .list(
                operation.parameters.map { parameter in
                    [
                        "name": .text(parameter.name), "in": .text(parameter.place), "description": .text(parameter.description),
                        "required": .flag(parameter.isRequired), "schema": parameter.schema
                    ]
                })
        }
        if let body = operation.body {
            members["requestBody"] = [
                "required": .flag(operation.needsBody), "content": .object([operation.bodyType: ["schema": body]])
            ]
        }
        return .object(members)
    }

    private static func isDocument(_ operation: Operation, _ route: Routes.Operation) -> Bool {
        route.method == .get && operation.isDocument
    }

    private static func success(_ answer: JSONLiteral?, _ types: [String], _ headers: [String: JSONLiteral]) -> JSONLiteral {
        var members: [String: JSONLiteral] = ["description": "done"]
        if let answer {
            members["content"] = .object(Dictionary(types.map { ($0, ["schema": answer]) }) { first, _ in first })
        }
        if !headers.isEmpty { members["headers"] = described(headers) }
        return .object(members)
    }

    private static func described(_ headers: [String: JSONLiteral]) -> JSONLiteral {
        .object(headers.mapValues { ["required": true, "schema": $0] })
    }

    /// Statuses of the problems that any operation of this kind can answer with.
    private static func commonProblems(
        _ operation: Operation, _ route: Routes.Operation, _ access: ServerConfiguration.Access
    ) -> [Int] {
        let isChange = ![.get, .head, .options].contains(route.method)
        // 400 for a request that breaks the rules of HTTP/1 or has control characters where they are refused, 417 for an
        // expectation that is not met.
        var problems = [400, 417]
        if access == .open {
            problems.append(421)
            if isChange { problems.append(403) }
        } else if route.scope != .everybody {
            problems += [401, 403]
        }
        if isDocument(operation, route) || route.isConditional { problems.append(412) }
        // 408 for a body that trickles, 507 for a disk without room for the change.
        if isChange { problems += [408, 507] }
        return problems
    }
}

extension OpenAPI.Operation {
    /// Whether the answer is a document that clients may keep; see ``TextAnswer``.
    var isDocument: Bool { isKept && answer != nil && answerType == "application/json" }
}
