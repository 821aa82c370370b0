/// Names what a file is by its first bytes, for messages.
enum FileKind {
  private static let magics: [(bytes: [UInt8], name: String)] = [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
    ([0x50, 0x4B, 0x05, 0x06], "an empty zip archive"),
    ([0x42, 0x5A, 0x68], "a bzip2 file"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
    ([0x04, 0x22, 0x4D, 0x18], "an lz4 file"),
    ([0x7F, 0x45, 0x4C, 0x46], "an ELF program"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ([0x1F, 0x8B], "a gzip file"),
  ]

  /// The name of a known kind of binary file, by its first bytes.
  static func binaryKind(_ bytes: [UInt8]) -> String? { magics.first { bytes.starts(with: $0.bytes) }?.name }

  /// Words for the bytes a file begins with. 512 bytes suffice.
  static func describe(_ bytes: some Collection<UInt8>) -> String {
    let head = Array(bytes.prefix(512))
    if head.isEmpty { return "empty" }
    if let known = magics.first(where: { head.starts(with: $0.bytes) }) { return known.name }
    if head.count >= 262, Array(head[257..<262]) == Array("ustar".utf8) { return "a tar archive" }
    if head.starts(with: Array(TextTwin.magic.utf8)) {
      return "the text twin of a trace: assemble it first (palsim trace assemble)"
    }
    let isText = head.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 9 || $0 == 10 || $0 == 13 }
    return isText ? "plain text" : "data of an unknown kind"
  }
}
