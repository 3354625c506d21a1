public import Configuration
import SystemPackage

/// Reads configuration from the environment (`SWEETSPOT_CACHE_MEMORY=64MiB`) and, after it, from a YAML file.
///
/// - Parameter file: path of the file; nil for the environment alone.
/// - Throws: ``ServerConfiguration/Invalid`` if the file cannot be read or is not YAML.
public func configurationReader(file: String?) async throws -> ConfigReader {
    let environment = EnvironmentVariablesProvider().prefixKeys(with: "sweetspot")
    guard let file else { return ConfigReader(provider: environment) }
    do {
        let values = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
        return ConfigReader(providers: [environment, values])
    } catch {
        let reason = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        throw ServerConfiguration.Invalid(description: "--config \(file) cannot be used: \(reason)")
    }
}
