/// A configuration as one tree: its file over the files it extends, presets expanded, overrides on top. Not yet judged.
struct Document {
  private(set) var root = Node(origin: .file(name: "", line: 0), content: .table([:]))
  private(set) var faults: [Fault] = []
  /// True when something could not be read, so that a missing key may be there after all.
  private(set) var isIncomplete = false
  /// Files read, in order: the file itself, its base, the base's base.
  private(set) var files: [String] = []
  /// Files being read, outermost first, to find circles of `extends`.
  private var chain: [String] = []

  /// Reads a file and what it extends.
  /// - Throws: `ConfigurationError` when the file itself cannot be read.
  init(path: String, overrides: [String]) throws(ConfigurationError) {
    chain = [path]
    add(try ConfigurationFile.text(of: path), name: path)
    add(overrides)
  }

  /// Reads text; what it extends is found relative to `name`.
  init(text: String, name: String, overrides: [String]) {
    chain = [name]
    add(text, name: name)
    add(overrides)
  }

  private mutating func add(_ text: String, name: String) {
    files.append(name)
    let source = SourceText(text, named: name)
    faults += source.faults
    isIncomplete = isIncomplete || source.isIncomplete
    if let extends = source.root["extends"], let base = extends.string { addBase(base, of: extends.origin, in: name) }
    overlay(source.root)
  }

  private mutating func addBase(_ base: String, of origin: Origin, in name: String) {
    let path = ConfigurationFile.path(base, besides: name)
    let identity = ConfigurationFile.identity(of: path)
    guard !chain.contains(where: { ConfigurationFile.identity(of: $0) == identity }) else {
      return fail(origin, "extends itself: \((chain + [path]).joined(separator: " -> "))")
    }
    chain.append(path)
    defer { chain.removeLast() }
    do {
      add(try ConfigurationFile.text(of: path), name: path)
    } catch {
      for fault in error.faults { fail(origin, "\(path) \(fault.message)") }
    }
  }

  private mutating func fail(_ origin: Origin, _ message: String) {
    faults.append(Fault(origin: origin, key: "extends", message: message))
    isIncomplete = true
  }

  /// Puts settings on top of everything.
  mutating func add(_ overrides: [String]) {
    for text in overrides {
      do {
        let setting = try OverrideSetting(text)
        guard setting.steps != [.name("extends")] else {
          fail(setting.origin, "can only stand in a file")
          continue
        }
        overlayPreset(of: setting.layer)
        try setting.apply(to: &root)
      } catch {
        faults += error.faults
      }
    }
  }

  /// Puts a layer over what is there, its preset first: a layer's preset wins over lower layers, not over its own keys.
  private mutating func overlay(_ layer: Node) {
    overlayPreset(of: layer)
    root.overlay(layer)
  }

  private mutating func overlayPreset(of layer: Node) {
    let chosen = layer["hbm", "preset"]?.string
    let stacks = layer["hbm", "stacks"]?.integer
    let density = layer["hbm", "density"]?.string
    guard let preset = (chosen ?? root["hbm", "preset"]?.string).flatMap(HBMPreset.named) else { return }
    var choice = HBMPreset.Choice(isWhole: false, stacks: stacks, density: density)
    if chosen != nil {
      choice.isWhole = true
      choice.stacks = stacks ?? root["hbm", "stacks"]?.integer
      choice.density = density ?? root["hbm", "density"]?.string
      root.removePresets()
    }
    root.overlay(preset.node(choice))
  }
}

extension Node {
  /// Takes out what presets laid here before: another preset takes their place.
  fileprivate mutating func removePresets() {
    guard case .table(let children) = content else { return }
    let kept = children.compactMapValues { child -> Node? in
      if case .table = child.content {
        var child = child
        child.removePresets()
        return child
      }
      if case .preset = child.origin { return nil }
      return child
    }
    content = .table(kept)
  }
}
