import Locker

/// An item that is not to be suggested, as the API and the export show it.
struct HiddenDocument: JSONWritable {
    private let item: HiddenItem

    init(_ item: HiddenItem) { self.item = item }

    func write(to text: inout JSONText) {
        text.object { text in
            text.member("artist", item.artist)
            text.member("item", item.item)
            text.member("title", item.title)
        }
    }
}
