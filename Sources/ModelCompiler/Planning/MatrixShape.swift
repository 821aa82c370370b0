/// A matrix product C[m, n] = A[m, k] · B[k, n], where A may be a convolution's windows over an image.
///
/// Rows are cut in *units*: rows of A for a plain matrix, rows of output pixels for a convolution.
struct MatrixShape: Equatable {
  enum Kind: Equatable {
    case plain
    case windows(Window)
  }
  var kind: Kind
  /// Images or sequences; a plain matrix counts all their rows together.
  var batch: Int
  var rowUnits: Int
  /// Rows of C in one unit.
  var unitRows: Int
  var n: Int
  var k: Int

  init(m: Int, n: Int, k: Int) {
    kind = .plain
    batch = 1
    rowUnits = m
    unitRows = 1
    self.n = n
    self.k = k
  }

  /// A pointwise convolution is a plain matrix.
  init(_ window: Window, filters: Int, batch: Int) {
    if window.isPointwise {
      self.init(m: window.input.rows * batch, n: filters, k: window.input.channels)
    } else {
      self.init(windows: window, batch: batch, filters: filters)
    }
  }

  /// Windows that stay windows, even pointwise ones; pools and depthwise layers have one "filter" a channel.
  init(windows window: Window, batch: Int, filters: Int = 1) {
    kind = .windows(window)
    self.batch = batch
    rowUnits = window.outputHeight * batch
    unitRows = window.outputWidth
    n = filters
    k = window.taps * window.input.channels
  }

  var isPlain: Bool { kind == .plain }

  /// Elements of A in the scratchpad for `count` units and `kept` of the reduction (windows keep all of it).
  func movingElements(units count: Int, reduction kept: Int) -> Int {
    guard case .windows(let window) = kind else { return count * kept }
    return ((count - 1) * window.strideY + window.kernelHeight) * window.paddedWidth * window.input.channels
  }

  /// Cuts units into chunks of at most `size` that do not cross images.
  func chunks(of units: Range<Int>, size: Int) -> [RowChunk] {
    let height = rowUnits / batch
    var chunks: [RowChunk] = []
    var first = units.lowerBound
    while first < units.upperBound {
      let end = min(first + size, units.upperBound, (first / height + 1) * height)
      chunks.append(RowChunk(image: first / height, first: first % height, count: end - first))
      first = end
    }
    return chunks
  }
}

/// Consecutive row units of one image.
struct RowChunk: Equatable {
  var image: Int
  var first: Int
  var count: Int
}

/// A piece of the reduction that fits one stationary block.
struct ReductionBlock: Equatable {
  /// First row of B, and how many.
  var first: Int
  var count: Int
  /// How one row of A is read: `lines` runs of `count / lines` elements.
  var lines: Int
}

extension MatrixShape {
  /// Cuts the reduction into blocks of at most `capacity`. Windows: whole filter lines together where they fit, else
  /// pieces of one line, because a line's elements are consecutive in the image and the next line's are not.
  func reductionBlocks(capacity: Int) -> [ReductionBlock] {
    guard case .windows(let window) = kind else { return Self.pieces(of: k, at: 0, capacity) }
    let line = window.kernelWidth * window.input.channels
    if line > capacity {
      return (0..<window.kernelHeight).flatMap { Self.pieces(of: line, at: $0 * line, capacity) }
    }
    let together = min(capacity / line, window.kernelHeight)
    return stride(from: 0, to: window.kernelHeight, by: together).map { first in
      let lines = min(together, window.kernelHeight - first)
      return ReductionBlock(first: first * line, count: lines * line, lines: lines)
    }
  }

  private static func pieces(of length: Int, at base: Int, _ capacity: Int) -> [ReductionBlock] {
    stride(from: 0, to: length, by: capacity).map {
      ReductionBlock(first: base + $0, count: min(capacity, length - $0), lines: 1)
    }
  }
}
