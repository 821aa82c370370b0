/// Result files of a run.
public enum Statistics {}
