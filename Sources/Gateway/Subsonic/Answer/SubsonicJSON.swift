extension JSONText {
    mutating func write(_ element: SubsonicElement) {
        object { text in
            for (name, value) in element.members {
                text.key(name)
                text.write(value)
            }
        }
    }

    private mutating func write(_ value: SubsonicValue) {
        switch value {
        case .text(let text), .content(let text): self.value(text)
        case .number(let number): self.value(Int(Int32(clamping: number)))
        case .long(let number): self.value(number)
        case .real(let number): self.value(number)
        case .flag(let flag): self.value(flag)
        case .element(let element): write(element)
        case .list(let values): array { text in for value in values { text.write(value) } }
        case .items(let items): array { text in for place in 0..<items.count { text.write(items.element(place)) } }
        case .names(let names):
            array { text in
                for name in names {
                    text.object { text in
                        text.key("name")
                        text.value(name)
                    }
                }
            }
        }
    }
}
