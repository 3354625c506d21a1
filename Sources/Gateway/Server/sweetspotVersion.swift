/// The version of this program.
public let sweetspotVersion = "0.1.0"
