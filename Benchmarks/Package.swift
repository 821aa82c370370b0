// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "palsim-benchmarks",
  dependencies: [
    .package(name: "palsim", path: ".."),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
  ],
  targets: [
    .executableTarget(
      name: "palsim-bench",
      dependencies: [
        .product(name: "Architecture", package: "palsim"),
        .product(name: "EnergyModel", package: "palsim"),
        .product(name: "InstructionTrace", package: "palsim"),
        .product(name: "Simulator", package: "palsim"),
        .product(name: "Statistics", package: "palsim"),
        .product(name: "HeapModule", package: "swift-collections"),
      ])
  ]
)
