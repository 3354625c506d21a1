/// Returns the object a C library allocated. Running out of memory ends the process, as everywhere in Swift.
func allocated<Pointer>(_ pointer: Pointer?) -> Pointer {
    guard let pointer else { fatalError("out of memory") }
    return pointer
}
