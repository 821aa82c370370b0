import InstructionTrace

@testable import ModelCompiler

/// Naive twins of the operators, on one-byte integers. No cleverness.
enum Reference {
  /// HWC image, weights [fh][fw][c][filters]; results before any epilogue.
  static func conv(_ input: [Int], _ w: Window, weights: [Int], filters: Int) -> [Int] {
    var output: [Int] = []
    for oy in 0..<w.outputHeight {
      for ox in 0..<w.outputWidth {
        for filter in 0..<filters {
          var sum = 0
          for fy in 0..<w.kernelHeight {
            for fx in 0..<w.kernelWidth {
              for c in 0..<w.input.channels {
                let tap = (fy * w.kernelWidth + fx) * w.input.channels + c
                sum += pixel(input, w, oy * w.strideY + fy, ox * w.strideX + fx, c) * weights[tap * filters + filter]
              }
            }
          }
          output.append(sum)
        }
      }
    }
    return output
  }

  static func depthwise(_ input: [Int], _ w: Window, weights: [Int]) -> [Int] {
    windows(input, w) { pixels, channel in
      pixels.enumerated().reduce(0) { $0 + $1.1 * weights[$1.0 * w.input.channels + channel] }
    }
  }

  static func maxPool(_ input: [Int], _ w: Window) -> [Int] { windows(input, w) { pixels, _ in pixels.max()! } }

  static func sumPool(_ input: [Int], _ w: Window) -> [Int] { windows(input, w) { pixels, _ in pixels.reduce(0, +) } }

  private static func windows(_ input: [Int], _ w: Window, _ combine: ([Int], Int) -> Int) -> [Int] {
    var output: [Int] = []
    for oy in 0..<w.outputHeight {
      for ox in 0..<w.outputWidth {
        for c in 0..<w.input.channels {
          let pixels = (0..<w.taps).map { tap in
            pixel(input, w, oy * w.strideY + tap / w.kernelWidth, ox * w.strideX + tap % w.kernelWidth, c)
          }
          output.append(combine(pixels, c))
        }
      }
    }
    return output
  }

  /// `y`, `x` count from the padded corner; zero outside.
  private static func pixel(_ input: [Int], _ w: Window, _ y: Int, _ x: Int, _ channel: Int) -> Int {
    let (row, column) = (y - w.paddingY, x - w.paddingX)
    guard 0..<w.input.height ~= row, 0..<w.input.width ~= column else { return 0 }
    return input[(row * w.input.width + column) * w.input.channels + channel]
  }

  static func gemm(_ a: [Int], _ b: [Int], m: Int, n: Int, k: Int) -> [Int] {
    (0..<(m * n)).map { index in
      (0..<k).reduce(0) { $0 + a[index / n * k + $1] * b[$1 * n + index % n] }
    }
  }

  /// Softmax with the integer stand-ins of `Pseudo`.
  static func softmax(_ row: [Int]) -> [Int] {
    let top = row.max()!
    let differences = row.map { Pseudo.wrap($0 - top) }
    let sum = Pseudo.wrap(differences.reduce(0, +))
    return differences.map { Pseudo.wrap($0 * sum) }
  }

  /// What one byte keeps.
  static func byte(_ value: Int) -> Int { Int(Int8(truncatingIfNeeded: value)) }
}
