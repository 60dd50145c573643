package io.github.shortlived.testing.compatibility;

import io.github.shortlived.testing.compatibility.CompatibilityPage.Row;
import java.util.ArrayList;
import java.util.List;

/** What one client did in this run; the page must show the same. */
final class ClientReport {
  private static final String WRITE = "compatibility.write";

  private final RealClient client;
  private final String version;
  private final List<Row> rows = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  /** An operation, which throws if the client does not get what it would get from Google. */
  @FunctionalInterface
  interface Operation {
    void run() throws Exception;
  }

  private ClientReport(RealClient client, String version) {
    this.client = client;
    this.version = version;
  }

  static ClientReport of(RealClient client, String version) {
    return new ClientReport(client, version);
  }

  /** Returns the report of a client in Java; its version is in the name of its jar. */
  static ClientReport of(RealClient client, Class<?> type) {
    String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    String artifact = client.title().replace(" (Java)", "-");
    String name = jar.substring(jar.lastIndexOf('/') + 1);
    return of(client, name.substring(artifact.length(), name.length() - ".jar".length()));
  }

  ClientReport operation(String name, Operation operation) {
    try {
      operation.run();
      return worked(name);
    } catch (Exception | AssertionError | LinkageError failure) {
      return failed(name, failure);
    }
  }

  ClientReport worked(String operation) {
    return add(operation, "works");
  }

  ClientReport failed(String operation, Throwable failure) {
    failures.add(new AssertionError(client.title() + ", " + operation + ": " + failure, failure));
    return add(operation, "does not work");
  }

  private ClientReport add(String operation, String result) {
    rows.add(new Row(client.title(), version, operation, result));
    return this;
  }

  /** Fails if the page shows something else, or replaces the client's rows if the run may write. */
  void comparedWithThePage() {
    CompatibilityPage page = CompatibilityPage.read();
    if (shown(page).equals(rows)) {
      return;
    }
    if (!Boolean.getBoolean(WRITE)) {
      throw stale(shown(page));
    }
    page.with(client, rows).write();
  }

  /** Returns the rows of the page; the machine may have another version of some clients. */
  private List<Row> shown(CompatibilityPage page) {
    return page.rowsOf(client).stream()
        .map(
            row ->
                client.hasFixedVersion()
                    ? row
                    : new Row(row.client(), version, row.operation(), row.result()))
        .toList();
  }

  private AssertionError stale(List<Row> shown) {
    AssertionError stale =
        new AssertionError(
            "compatibility.md does not show what %s did. If the change is intended, run the test with -D%s=true.%nThe page: %s%nThis run: %s"
                .formatted(client.title(), WRITE, without(shown, rows), without(rows, shown)));
    failures.forEach(stale::addSuppressed);
    return stale;
  }

  private static List<Row> without(List<Row> some, List<Row> others) {
    return some.stream().filter(row -> !others.contains(row)).toList();
  }
}
