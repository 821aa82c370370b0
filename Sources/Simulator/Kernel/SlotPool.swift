/// Elements that come and go, addressed by slot; freed slots are reused last in, first out.
struct SlotPool<Element: BitwiseCopyable>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  private var free: UnsafeMutablePointer<Int32>
  private var freeCount = 0
  private var used = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 1)
    elements = .allocate(capacity: self.capacity)
    free = .allocate(capacity: self.capacity)
  }

  deinit {
    elements.deallocate()
    free.deallocate()
  }

  /// Slots in use.
  var count: Int { used - freeCount }

  @inline(__always)
  mutating func insert(_ element: Element) -> Int32 {
    let slot = takeSlot()
    elements[Int(slot)] = element
    return slot
  }

  /// What a slot holds. Precondition (not checked): the slot is in use.
  subscript(slot: Int32) -> Element {
    @inline(__always) get { elements[Int(slot)] }
    @inline(__always) nonmutating _modify { yield &elements[Int(slot)] }
  }

  /// Where a slot lies until the next `insert`. Precondition (not checked): the slot is in use.
  @inline(__always)
  func place(of slot: Int32) -> UnsafeMutablePointer<Element> { elements + Int(slot) }

  /// Frees a slot and returns what it held. Precondition (not checked): the slot is in use.
  @inline(__always) @discardableResult
  mutating func remove(_ slot: Int32) -> Element {
    free[freeCount] = slot
    freeCount &+= 1
    return elements[Int(slot)]
  }

  @inline(__always)
  private mutating func takeSlot() -> Int32 {
    if freeCount > 0 {
      freeCount &-= 1
      return free[freeCount]
    }
    if used == capacity { grow() }
    used &+= 1
    return Int32(truncatingIfNeeded: used &- 1)
  }

  @inline(never)
  private mutating func grow() {
    precondition(capacity <= Int(Int32.max) / 2, "a pool is out of slot numbers")
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: elements, count: used)
    let largerFree = UnsafeMutablePointer<Int32>.allocate(capacity: capacity * 2)
    largerFree.moveInitialize(from: free, count: freeCount)
    elements.deallocate()
    free.deallocate()
    (elements, free, capacity) = (larger, largerFree, capacity * 2)
  }
}
