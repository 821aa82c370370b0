/// One key of the configuration: the single place that knows its name, what it accepts, its default, its meaning and
/// the field of the spec it fills. Parsing, checking, printing and documentation all derive from the tables of these.
struct Key<Root>: Sendable {
  /// What holds when the key is absent.
  enum Absence: Sendable {
    case required
    case value(Value)
    /// What the value filled so far makes of it, said in words; nil when it cannot: then the key is required.
    case derived(String, @Sendable (Root) -> Value?)
    /// Nothing is set; said in words.
    case none(String)
  }

  let name: String
  let kind: Kind
  let absence: Absence
  /// One sentence.
  let meaning: String
  /// Reads the field, nil when it is not stated; none for a key that is shorthand for others and leaves no trace.
  let get: (@Sendable (Root) -> Value?)?
  let set: @Sendable (inout Root, Value) -> Void

  var isRequired: Bool { if case .required = absence { true } else { false } }
}

typealias Field<Root, T> = WritableKeyPath<Root, T> & Sendable

extension Key {
  /// A whole number in base units.
  init(_ name: String, _ field: Field<Root, Int>, _ kind: Kind, default initial: Value? = nil, _ meaning: String) {
    self.init(
      name: name, kind: kind, absence: initial.map(Absence.value) ?? .required, meaning: meaning,
      get: { .integer(Int64($0[keyPath: field])) },
      set: { if case .integer(let value) = $1 { $0[keyPath: field] = Int(value) } })
  }

  init(_ name: String, _ field: Field<Root, Int64>, _ kind: Kind, default initial: Value? = nil, _ meaning: String) {
    self.init(
      name: name, kind: kind, absence: initial.map(Absence.value) ?? .required, meaning: meaning,
      get: { .integer($0[keyPath: field]) },
      set: { if case .integer(let value) = $1 { $0[keyPath: field] = value } })
  }

  /// Yes or no.
  init(_ name: String, _ field: Field<Root, Bool>, default initial: Value? = nil, _ meaning: String) {
    self.init(
      name: name, kind: .flag, absence: initial.map(Absence.value) ?? .required, meaning: meaning,
      get: { .integer($0[keyPath: field] ? 1 : 0) },
      set: { if case .integer(let value) = $1 { $0[keyPath: field] = value != 0 } })
  }

  init(_ name: String, _ field: Field<Root, String>, _ kind: Kind, default initial: Value? = nil, _ meaning: String) {
    self.init(
      name: name, kind: kind, absence: initial.map(Absence.value) ?? .required, meaning: meaning,
      get: { .text($0[keyPath: field]) },
      set: { if case .text(let value) = $1 { $0[keyPath: field] = value } })
  }

  init(_ name: String, _ field: Field<Root, [String]>, _ kind: Kind, default initial: Value? = nil, _ meaning: String) {
    self.init(
      name: name, kind: kind, absence: initial.map(Absence.value) ?? .required, meaning: meaning,
      get: { .texts($0[keyPath: field]) },
      set: { if case .texts(let value) = $1 { $0[keyPath: field] = value } })
  }

  /// The same key with a default that depends on the keys before it.
  func derived(_ words: String, _ value: @escaping @Sendable (Root) -> Value?) -> Key {
    Key(name: name, kind: kind, absence: .derived(words, value), meaning: meaning, get: get, set: set)
  }

  /// The key with its derived default worked out.
  func resolved(_ root: Root) -> Key {
    guard case .derived(_, let derive) = absence else { return self }
    return Key(
      name: name, kind: kind, absence: derive(root).map(Absence.value) ?? .required, meaning: meaning, get: get,
      set: set)
  }

  /// One of an enumeration's words.
  init<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ field: Field<Root, Choice>, default initial: Value? = nil, _ meaning: String
  ) {
    self.init(
      name: name, kind: .choice(Choice.allCases.map(\.rawValue)), absence: initial.map(Absence.value) ?? .required,
      meaning: meaning,
      get: { .text($0[keyPath: field].rawValue) },
      set: { if case .text(let word) = $1, let choice = Choice(rawValue: word) { $0[keyPath: field] = choice } })
  }

  /// A key that stands for others: resolved configurations do not contain it.
  static func shorthand(_ name: String, _ kind: Kind, absent: String, _ meaning: String) -> Key {
    Key(name: name, kind: kind, absence: .none(absent), meaning: meaning, get: nil, set: { _, _ in })
  }
}
