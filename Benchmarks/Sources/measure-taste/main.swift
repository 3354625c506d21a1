import Foundation
import Taste

/// `measure-taste quality FOLDER SET…`: a table row for each method, as JSON lines. `measure-taste speed`: the size of a large service.
/// `measure-taste tune FOLDER SET…`: the inner validation. `measure-taste split FOLDER SET TRAIN HELD-OUT`: the pairs, for other programs.
let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "quality" where arguments.count > 1:
    for name in arguments.dropFirst(2) { try measureQuality(of: name, folder: URL(filePath: arguments[1])) }
case "split" where arguments.count == 5:
    try writeSplit(of: arguments[2], folder: URL(filePath: arguments[1]), train: arguments[3], heldOut: arguments[4])
case "tune" where arguments.count > 1:
    for name in arguments.dropFirst(2) { try tune(on: name, folder: URL(filePath: arguments[1])) }
case "speed":
    try measureSpeed()
default:
    print("usage: measure-taste quality FOLDER SET… | tune FOLDER SET… | split FOLDER SET TRAIN HELD-OUT | speed")
    exit(64)
}
