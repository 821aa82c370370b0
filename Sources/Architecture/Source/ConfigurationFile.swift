import Foundation

/// Reads a configuration file's text.
public enum ConfigurationFile {
  /// A configuration is a page of text; what is larger is something else.
  static let maximumBytes = 1 << 20

  /// - Throws: `ConfigurationError` with exit code 66 when the file cannot be read, 78 when it is no text.
  public static func text(of path: String) throws(ConfigurationError) -> String {
    let bytes = try read(path)
    guard bytes.count <= maximumBytes else {
      throw fault(path, "is larger than 1 MiB: this is no configuration", exitCode: 78)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(path, "is not UTF-8 text: this is no TOML file", exitCode: 78)
    }
    return text
  }

  private static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw fault(path, "cannot be read: \(String(cString: strerror(errno)))", exitCode: 66)
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else {
      throw fault(path, "cannot be read: \(String(cString: strerror(errno)))", exitCode: 66)
    }
    return Array(bytes[..<count])
  }

  private static func fault(_ path: String, _ message: String, exitCode: Int32) -> ConfigurationError {
    ConfigurationError(
      faults: [Fault(origin: .file(name: path, line: 0), key: "", message: message)], exitCode: exitCode)
  }

  /// A path relative to the folder of another file.
  static func path(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }

  /// One name for one file, however it is reached.
  static func identity(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
