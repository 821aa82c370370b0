/// How much of an operation happens in each cycle of a systolic array, in closed form.
///
/// Things are indexed by (s, c, r) with `steps`, `columns`, `rows` values; thing (s, c, r) happens s + c + r cycles after
/// the first, with weight `weight` (r below `fullRows`) or `remainder` (one more row, when not 0). Per cycle that is the
/// convolution of three boxes: its third difference has 8 changes, and 4 more for the remainder's row.
struct Wavefront {
  var steps: Int64
  var columns: Int64
  var fullRows: Int64
  var weight: Int64
  var remainder: Int64

  /// The sum over all cycles.
  var total: Int64 { steps * columns * (fullRows * weight + remainder) }
  /// Cycles from the first thing to the last.
  var length: Int64 { steps + columns + fullRows + (remainder == 0 ? 0 : 1) - 2 }

  /// MACs of an m x n x k product: r runs over the reduction in groups of `width` lanes.
  static func macs(m: Int64, n: Int64, k: Int64, width: Int64) -> Wavefront {
    Wavefront(steps: m, columns: n, fullRows: k / width, weight: width, remainder: k % width)
  }

  /// Results of an m x n product, `weight` bytes each: one a cycle from each column.
  static func results(m: Int64, n: Int64, weight: Int64) -> Wavefront {
    Wavefront(steps: m, columns: n, fullRows: 0, weight: 0, remainder: weight)
  }

  /// The same with every weight `factor` times as large.
  func scaled(by factor: Int64) -> Wavefront {
    var wave = self
    wave.weight *= factor
    wave.remainder *= factor
    return wave
  }

  func record(on signal: SignalID, from start: Int64, _ recorder: inout ActivityRecorder) {
    if fullRows > 0 {
      recordRamps(on: signal, from: start, cubic: true, weight, &recorder)
      recordRamps(on: signal, from: start + fullRows, cubic: true, -weight, &recorder)
    }
    if remainder > 0 { recordRamps(on: signal, from: start + fullRows, cubic: false, remainder, &recorder) }
  }

  /// The four corners of steps x columns; from each on the value grows 1, 2, 3... (cubic: 1, 3, 6...) times `weight`.
  private func recordRamps(
    on signal: SignalID, from start: Int64, cubic: Bool, _ weight: Int64, _ recorder: inout ActivityRecorder
  ) {
    let slope = cubic ? 2 * weight : weight
    let curvature = cubic ? weight : 0
    recorder.change(signal, at: start, value: weight, slope: slope, curvature: curvature)
    recorder.change(signal, at: start + steps, value: -weight, slope: -slope, curvature: -curvature)
    recorder.change(signal, at: start + columns, value: -weight, slope: -slope, curvature: -curvature)
    recorder.change(signal, at: start + steps + columns, value: weight, slope: slope, curvature: curvature)
  }
}
