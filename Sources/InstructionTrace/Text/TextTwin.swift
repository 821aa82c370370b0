/// The lossless text form of a trace; `docs/trace-format.md` has its grammar.
public enum TextTwin {
  /// First word of every text.
  static let magic = "palsim-trace"
}
