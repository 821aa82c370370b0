/// How a network was cut, as a table within 100 columns.
public enum TilingTable {
  private static let widths = [24, 10, 8, 18, 7, 12, 12]
  private static let titles = ["layer", "operator", "tiles", "step m x n x k", "steps", "SRAM bytes", "acc. bytes"]

  public static func text(_ layers: [CompileSummary.LayerSummary]) -> String {
    let rows = layers.map { layer in
      [
        layer.name, layer.kind, layer.tiling.partition, layer.tiling.chunk, String(layer.tiling.steps),
        String(layer.tiling.sramBytes), String(layer.tiling.accumulatorBytes),
      ]
    }
    return ([titles] + rows).map(line).joined(separator: "\n")
  }

  /// Text to the left, numbers to the right; a long name is cut.
  private static func line(_ cells: [String]) -> String {
    zip(cells, widths).enumerated().map { index, cell in
      let text = String(cell.0.prefix(cell.1))
      let blanks = String(repeating: " ", count: cell.1 - text.count)
      return index < 4 ? text + blanks : blanks + text
    }.joined(separator: " ")
  }
}
