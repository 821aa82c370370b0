/// A layer behind the one before it, whose cut is made already: what a cut is timed in.
struct LayerContext: Equatable {
  /// The layer before, if there is one, and the layer; other operands come from outside.
  let layers: [Layer]
  /// The cut of the layer before, if it is a matrix product.
  let cuts: [MatrixPlan]

  init(_ index: Int, of model: Model, before cut: MatrixPlan?) {
    let first = max(0, index - 1)
    layers = (first...index).map { position in
      var layer = model.layers[position]
      (layer.name, layer.line) = ("\(position - first)", 0)
      layer.inputs = layer.inputs.map { position > first && $0 == .layer(first) ? .layer(0) : .external }
      return layer
    }
    cuts = cut.map { [$0] } ?? []
  }
}
