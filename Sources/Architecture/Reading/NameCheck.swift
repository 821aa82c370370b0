/// Finds keys and sections no one knows, and sections and lists written as something else.
struct NameCheck {
  private(set) var faults: [Fault] = []
  private let catalogue = Catalogue.shared

  /// Walks the whole tree.
  init(_ root: Node) { walk(root, pattern: "", path: "") }

  private mutating func walk(_ node: Node, pattern: String, path: String) {
    guard let children = node.table else { return }
    for (name, child) in children.sorted(by: { $0.key < $1.key }) {
      let key = TOMLText.key(name)
      let prefix = pattern.isEmpty ? "" : pattern + "."
      check(
        child, name: name, pattern: prefix + key, section: pattern, path: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  private mutating func check(_ node: Node, name: String, pattern: String, section: String, path: String) {
    if catalogue.key(pattern) != nil { return }
    if catalogue.isSection(pattern) {
      guard node.table != nil else { return expect("a section: [\(path)]", node, path) }
      walk(node, pattern: pattern, path: path)
    } else if catalogue.isSection(pattern + "[]") {
      walkList(node, pattern: pattern + "[]", path: path)
    } else if catalogue.isSection(section + ".*") {
      guard node.table != nil else { return expect("a section: [\(path)]", node, path) }
      walk(node, pattern: section + ".*", path: path)
    } else {
      faults.append(Fault(origin: node.origin, key: path, message: unknown(node, name: name, section: section)))
    }
  }

  private mutating func walkList(_ node: Node, pattern: String, path: String) {
    guard let items = node.list else { return expect("a list of sections: [[\(path)]]", node, path) }
    for (index, item) in items.enumerated() {
      guard item.table != nil else {
        expect("a list of sections: [[\(path)]]", item, "\(path)[\(index)]")
        continue
      }
      walk(item, pattern: pattern, path: "\(path)[\(index)]")
    }
  }

  private mutating func expect(_ expected: String, _ node: Node, _ path: String) {
    faults.append(Fault(origin: node.origin, key: path, message: "found \(node.found); allowed: \(expected)"))
  }

  private func unknown(_ node: Node, name: String, section: String) -> String {
    let kind = node.table == nil ? "key" : "section"
    let names = catalogue.names(in: section)
    if let near = Words.nearest(to: name, among: names) { return "unknown \(kind); did you mean \"\(near)\"?" }
    let elsewhere = catalogue.keyPaths.filter { $0.hasSuffix("." + name) }
    if let path = elsewhere.first(where: { $0.hasPrefix(section) }) ?? elsewhere.first {
      return "unknown \(kind) here; did you mean \"\(path)\"?"
    }
    return "unknown \(kind); allowed here: \(names.joined(separator: ", "))"
  }
}
