package io.github.shortlived.site;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the broken links of a built site: each relative link and image in an HTML file needs a file
 * of the site, and each fragment needs an element with that ID. Like {@link SitePages}, this file
 * runs as a program and uses only the JDK.
 */
final class SiteLinks {
  private static final Pattern LINK = Pattern.compile("\\s(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");
  private static final Pattern EXTERNAL = Pattern.compile("(?i)([a-z]+:|//).*");

  /** The javadoc tool of JDK 17 links to "#io.github" there, an ID that it does not write. */
  private static final Path CONSTANT_VALUES = Path.of("apidocs/constant-values.html");

  private final Path site;
  private final Map<Path, String> pages = new TreeMap<>();
  private final Map<Path, Set<String>> ids = new HashMap<>();

  private SiteLinks(Path site) throws IOException {
    this.site = site;
    for (Path file : htmlFiles()) {
      String html = Files.readString(site.resolve(file));
      pages.put(file, html);
      ids.put(file, attributes(ID, html).collect(Collectors.toSet()));
    }
  }

  /** Argument: the directory of the site. */
  public static void main(String[] args) throws IOException {
    List<String> broken = broken(Path.of(args[0]));
    broken.forEach(System.err::println);
    System.exit(broken.isEmpty() ? 0 : 1);
  }

  /** Returns the broken links of the site in this directory, which needs an index page. */
  static List<String> broken(Path site) throws IOException {
    SiteLinks links = new SiteLinks(site);
    List<String> broken = new ArrayList<>();
    if (!links.pages.containsKey(Path.of("index.html"))) {
      broken.add(site + " has no index.html");
    }
    links.pages.forEach((page, html) -> broken.addAll(links.brokenOn(page, html)));
    return broken;
  }

  private List<Path> htmlFiles() throws IOException {
    try (Stream<Path> files = Files.walk(site)) {
      return files.filter(file -> file.toString().endsWith(".html")).map(site::relativize).toList();
    }
  }

  private static Stream<String> attributes(Pattern attribute, String html) {
    return attribute.matcher(html).results().map(match -> unescape(match.group(1)));
  }

  private static String unescape(String value) {
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }

  private List<String> brokenOn(Path page, String html) {
    return attributes(LINK, html)
        .distinct()
        .filter(link -> !EXTERNAL.matcher(link).matches() && !hasTarget(page, link))
        .map(link -> page + ": the link " + link + " has no target")
        .toList();
  }

  private boolean hasTarget(Path page, String link) {
    URI uri = URI.create(link);
    Path target = uri.getPath().isEmpty() ? page : page.resolveSibling(uri.getPath()).normalize();
    return Files.isRegularFile(site.resolve(target))
        && (uri.getFragment() == null || hasId(target, uri.getFragment()));
  }

  private boolean hasId(Path target, String id) {
    return target.equals(CONSTANT_VALUES) || ids.getOrDefault(target, Set.of()).contains(id);
  }
}
