/// The content codings in which the server sends the texts that it makes (RFC 9110 §8.4.1).
enum ContentCoding {
    case identity
    case gzip

    /// The coding that a request prefers (RFC 9110 §12.5.3): gzip if the request accepts it and does not rank the plain text
    /// higher, else identity, which a server may send even if it is refused. A part of the field that breaks the grammar is
    /// ignored.
    ///
    /// - Parameter field: the request's `Accept-Encoding`; nil if it has none.
    init(acceptedBy field: String?) {
        var (gzip, identity, others): (Int?, Int?, Int?)
        for element in WeightedName.elements(of: field) {
            switch element.name {
            case "gzip", "x-gzip": gzip = gzip ?? element.weight
            case "identity": identity = identity ?? element.weight
            case "*": others = others ?? element.weight
            default: break
            }
        }
        let wanted = gzip ?? others ?? 0
        self = wanted > 0 && wanted >= (identity ?? others ?? 0) ? .gzip : .identity
    }
}
