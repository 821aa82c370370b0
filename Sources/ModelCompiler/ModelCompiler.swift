/// Layer tables to instruction traces.
public enum ModelCompiler {}
