/// What a trace is compiled for: another shape needs the model compiled anew.
public enum MachineShape {
  private static let keys = [
    "grid.columns", "grid.rows", "tile.sram.bytes", "tile.accumulator.bytes", "tile.accumulator.element_bytes",
  ]
  private static let arrayKeys = ["rows", "columns", "vector_width", "dataflow", "formats", "count", "sparsity"]

  /// Whether a configuration key decides the shape.
  public static func decides(_ path: String) -> Bool {
    let plain = path.replacing(/\[[0-9]*\]/, with: "")
    return keys.contains(plain) || arrayKeys.contains { plain == "tile.array.\($0)" } || plain == "tile.array"
  }
}
