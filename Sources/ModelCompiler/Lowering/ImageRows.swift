import InstructionTrace

/// The input rows that some output rows see, as they lie in the scratchpad: padded with zeros on all sides.
struct ImageRows {
  private let window: Window
  private let elementBytes: Int
  /// First input row seen (negative in the padding), and how many.
  private let first: Int
  private let count: Int
  private let image: Int

  init(_ window: Window, _ rows: RowChunk, elementBytes: Int) {
    self.window = window
    self.elementBytes = elementBytes
    first = rows.first * window.strideY - window.paddingY
    count = (rows.count - 1) * window.strideY + window.kernelHeight
    image = rows.image
  }

  /// Bytes of one pixel, and of one padded row.
  var pixel: Int { window.input.channels * elementBytes }
  var pitch: Int { window.paddedWidth * pixel }
  /// No zero shares a 32-byte granule of local memory with a pixel of the image, so they may be written in any order.
  var haloIsApart: Bool { Self.haloIsApart(pixel: pixel) }

  static func haloIsApart(pixel: Int) -> Bool { pixel % 32 == 0 }

  /// Rows that exist in the image.
  private var real: Range<Int> {
    let end = min(window.input.height, first + count)
    return min(max(0, first), end)..<end
  }

  /// Brings the existing rows in; nil when there are none.
  func load(_ tensor: UInt32, to base: Int64) -> Instruction? {
    if real.isEmpty { return nil }
    let run = window.input.width * pixel
    let offset = Int64((image * window.input.height + real.lowerBound) * run)
    let start = base + Int64((real.lowerBound - first) * pitch + window.paddingX * pixel)
    return .load(
      tensor, .rows(offset, run: run, rows: real.count, pitch: run),
      to: .rows(start, run: run, rows: real.count, pitch: pitch))
  }

  /// Records that write the zeros around them.
  func halo(at base: Int64, format: UInt8) -> [Instruction] {
    halo(at: base).map { .vector(.fill, format, elements: Int($0.bytes) / elementBytes, .none, to: $0) }
  }

  private func halo(at base: Int64) -> [StridedView] {
    let above = real.lowerBound - first
    let below = first + count - real.upperBound
    let left = window.paddingX * pixel
    let right = pitch - left - window.input.width * pixel
    let body = base + Int64(above * pitch)
    var views: [StridedView] = []
    if above > 0 { views.append(.contiguous(base, Int32(above * pitch))) }
    if below > 0 { views.append(.contiguous(base + Int64((count - below) * pitch), Int32(below * pitch))) }
    if left > 0, !real.isEmpty { views.append(.rows(body, run: left, rows: real.count, pitch: pitch)) }
    if right > 0, !real.isEmpty {
      views.append(.rows(body + Int64(pitch - right), run: right, rows: real.count, pitch: pitch))
    }
    return views
  }
}
