import Foundation
import PALArithmetic

/// NumPy's .npy files: matrices of little-endian floating point or integers, read and written without NumPy.
enum PalNumpy {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads a one- or two-dimensional array as a matrix; a vector becomes one row.
  static func read(_ path: String) throws -> Matrix {
    let data = try PalFiles.read(path)
    let bytes = [UInt8](data)
    guard bytes.count >= 10, Array(bytes[0..<6]) == magic else {
      throw PalFault(message: "\(path): byte 0: expected the .npy signature 93 4E 55 4D 50 59", code: 65)
    }
    let wide = bytes[6] >= 2
    let start = wide ? 12 : 10
    guard bytes.count >= start else { throw PalFault(message: "\(path): byte 8: the header is cut off", code: 65) }
    let length = (0..<(wide ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard bytes.count >= start + length else {
      throw PalFault(
        message: "\(path): byte \(bytes.count): the header of \(length) bytes is cut off", code: 65)
    }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    return try PalNumpyHeader(header, path: path).matrix(bytes, from: start + length)
  }

  /// Writes a matrix as little-endian binary64.
  static func write(_ matrix: Matrix, to path: String) throws {
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(matrix.rows), \(matrix.columns)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var data = Data(magic + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    data.reserveCapacity(data.count + 8 * matrix.values.count)
    for value in matrix.values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    try PalFiles.write(data, to: path)
  }
}

/// The dictionary at the head of a .npy file.
private struct PalNumpyHeader {
  let path: String
  let type: String
  let isFortran: Bool
  let shape: [Int]

  init(_ text: String, path: String) throws {
    self.path = path
    guard let type = Self.field("descr", in: text)?.trimmingCharacters(in: CharacterSet(charactersIn: " '\"")),
      let order = Self.field("fortran_order", in: text), let shape = Self.shape(in: text)
    else {
      throw PalFault(message: "\(path): byte 10: expected descr, fortran_order and shape, found \(text)", code: 65)
    }
    guard (1...2).contains(shape.count) else {
      throw PalFault(message: "\(path): expected a vector or a matrix, found \(shape.count) dimensions", code: 65)
    }
    self.type = type
    isFortran = order.contains("True")
    self.shape = shape.count == 1 ? [1, shape[0]] : shape
  }

  private static func field(_ name: String, in text: String) -> String? {
    guard let key = text.range(of: "'\(name)':") else { return nil }
    return text[key.upperBound...].split(separator: ",").first.map(String.init)
  }

  private static func shape(in text: String) -> [Int]? {
    guard let key = text.range(of: "'shape':"), let open = text[key.upperBound...].firstIndex(of: "("),
      let close = text[open...].firstIndex(of: ")")
    else { return nil }
    let sizes = text[text.index(after: open)..<close].split(separator: ",")
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    return sizes.contains { $0.map { $0 < 0 || $0 > 1 << 31 } ?? true } ? nil : sizes.compactMap { $0 }
  }

  func matrix(_ bytes: [UInt8], from start: Int) throws -> Matrix {
    let (size, number) = try element()
    let count = shape[0] * shape[1]
    guard bytes.count - start >= count * size else {
      throw PalFault(
        message: "\(path): byte \(bytes.count): expected \(count * size) bytes of \(shape[0]) x \(shape[1]) elements, "
          + "found \(bytes.count - start)", code: 65)
    }
    let values = (0..<count).map { index in
      let place = isFortran ? index % shape[1] * shape[0] + index / shape[1] : index
      let raw = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[start + place * size + $1]) << UInt64(8 * $1) }
      return number(raw)
    }
    return try Matrix(rows: shape[0], columns: shape[1], values: values)
  }

  /// Bytes of an element and how its bits become a number.
  private func element() throws -> (size: Int, number: (UInt64) -> Double) {
    switch type {
    case "<f8": (8, { Double(bitPattern: $0) })
    case "<f4": (4, { Double(Float(bitPattern: UInt32($0))) })
    case "<f2": (2, { FloatFormat.fp16.decode(UInt32($0)) })
    case "<i8": (8, { Double(Int64(bitPattern: $0)) })
    case "<i4": (4, { Double(Int32(bitPattern: UInt32($0))) })
    case "|i1": (1, { Double(Int8(bitPattern: UInt8($0))) })
    case "|u1": (1, { Double($0) })
    default:
      throw PalFault(
        message: "\(path): element type '\(type)' is not one of <f8, <f4, <f2, <i8, <i4, |i1, |u1; "
          + "save with .astype('<f8')", code: 65)
    }
  }
}
