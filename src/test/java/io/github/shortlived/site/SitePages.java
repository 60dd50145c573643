package io.github.shortlived.site;

import static java.util.regex.Matcher.quoteReplacement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the Markdown files of the repository as pages of the site: each relative link leads to the
 * page of its file or to the file on GitHub, and each heading has the anchor that GitHub gives it.
 * A relative link without a target is an error. The build runs this file as a program before it
 * compiles anything, so the file uses only the JDK.
 */
final class SitePages {
  private static final Path MARKDOWN = Path.of("src/site/markdown");
  private static final Path RESOURCES = Path.of("src/site/resources");

  private static final Pattern FENCE = Pattern.compile("\\s*```.*");
  private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.+)");
  private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");
  private static final Pattern CODE_OR_LINK = Pattern.compile("`[^`]*`|(?<=]\\()[^)\\s]+(?=\\))");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");

  private final Path root;
  private final String scm;
  private final Map<Path, List<String>> pages = new TreeMap<>();
  private final Map<Path, Set<String>> anchors = new HashMap<>();
  private final List<String> brokenLinks = new ArrayList<>();

  private SitePages(Path root, String scm) throws IOException {
    this.root = root;
    this.scm = scm;
    for (Path folder : List.of(Path.of(""), MARKDOWN)) {
      for (Path file : markdownFiles(folder)) {
        List<String> lines = Files.readAllLines(root.resolve(file));
        pages.put(file, lines);
        anchors.put(file, anchors(lines));
      }
    }
  }

  /** Arguments: the URL of the repository's files, and the directory to write to. */
  public static void main(String[] args) throws IOException {
    List<String> brokenLinks = write(Path.of(""), args[0], Path.of(args[1]));
    brokenLinks.forEach(System.err::println);
    System.exit(brokenLinks.isEmpty() ? 0 : 1);
  }

  /** Writes the pages of the repository {@code root} and returns its broken links. */
  static List<String> write(Path root, String scm, Path directory) throws IOException {
    SitePages site = new SitePages(root, scm);
    Files.createDirectories(directory);
    for (Map.Entry<Path, List<String>> page : site.pages.entrySet()) {
      Path file = page.getKey();
      Files.write(directory.resolve(nameOf(file) + ".md"), site.convert(file, page.getValue()));
    }
    return site.brokenLinks;
  }

  private List<Path> markdownFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .map(file -> folder.resolve(file.getFileName()))
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  /** The page "security" is that of the security model. */
  private static String nameOf(Path file) {
    String name = file.getFileName().toString().replace(".md", "");
    return switch (name) {
      case "README" -> "index";
      case "SECURITY" -> "security-policy";
      default -> name.toLowerCase(Locale.ROOT);
    };
  }

  private List<String> convert(Path file, List<String> lines) {
    List<String> converted = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    boolean code = false;
    for (String line : lines) {
      code ^= FENCE.matcher(line).matches();
      converted.add(code ? line : withAnchor(withLinks(file, line), seen));
    }
    return converted;
  }

  private static Set<String> anchors(List<String> lines) {
    Set<String> anchors = new HashSet<>();
    boolean code = false;
    for (String line : lines) {
      code ^= FENCE.matcher(line).matches();
      if (!code) {
        withAnchor(line, anchors);
        ANCHOR.matcher(line).results().forEach(id -> anchors.add(id.group(1)));
      }
    }
    return anchors;
  }

  private static String withAnchor(String line, Set<String> seen) {
    return HEADING
        .matcher(line)
        .replaceFirst(heading -> "$1 " + selfLink(anchor(heading.group(2), seen)) + "$2");
  }

  /** The site plugin writes an "a" before a fragment that starts with a digit. */
  private static String selfLink(String anchor) {
    String second = anchor.matches("\\p{L}.*") ? "" : "<a id=\"a" + anchor + "\"></a>";
    return "<a id=\"%1$s\" href=\"#%1$s\" title=\"Link to this section\"></a>".formatted(anchor)
        + second;
  }

  /** GitHub's rule: repeated headings are numbered. */
  private static String anchor(String heading, Set<String> seen) {
    String anchor =
        heading
            .replaceAll("\\[([^]]*)]\\([^)]*\\)|</?a\\b[^>]*>", "$1")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}_ -]", "")
            .replace(' ', '-');
    String unique = anchor;
    for (int i = 1; !seen.add(unique); i++) {
      unique = anchor + "-" + i;
    }
    return unique;
  }

  private String withLinks(Path file, String line) {
    return CODE_OR_LINK
        .matcher(line)
        .replaceAll(match -> quoteReplacement(onSite(file, match.group())));
  }

  private String onSite(Path file, String link) {
    if (link.startsWith("`") || ABSOLUTE.matcher(link).matches()) {
      return link;
    }
    int hash = link.contains("#") ? link.indexOf('#') : link.length();
    String path = link.substring(0, hash);
    Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
    if (!exists(target, link.substring(hash))) {
      brokenLinks.add(file + ": the link " + link + " has no target");
    }
    return urlOf(target) + link.substring(hash);
  }

  private boolean exists(Path target, String fragment) {
    return Files.exists(root.resolve(target))
        && (fragment.isEmpty()
            || anchors.getOrDefault(target, Set.of()).contains(fragment.substring(1)));
  }

  private String urlOf(Path target) {
    if (pages.containsKey(target)) {
      return nameOf(target) + ".html";
    }
    String path = target.toString().replace('\\', '/');
    return target.startsWith(RESOURCES)
        ? path.substring("src/site/resources/".length())
        : scm + path;
  }
}
