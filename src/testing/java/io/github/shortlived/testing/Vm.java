package io.github.shortlived.testing;

/** A Compute Engine instance, as much of it as a list shows. */
record Vm(String projectId, String zone, String name) {
  static final String STATUS = "RUNNING";
}
