package io.github.shortlived.internal.text;

import java.util.List;
import java.util.stream.Stream;

/**
 * A tree of lines for any terminal: a line and the trees below it. Its branches are plain ASCII;
 * hidden characters in lines are printed as escapes.
 */
public record TextTree(String line, List<TextTree> branches) {
  /** Creates a tree of one line. */
  public static TextTree leaf(String line) {
    return new TextTree(line, List.of());
  }

  /** Creates a tree with these leaves. */
  public static TextTree over(String line, Stream<String> leaves) {
    return new TextTree(line, leaves.map(TextTree::leaf).toList());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    print(text, "");
    return text.toString();
  }

  private void print(StringBuilder text, String indent) {
    text.append(SafeText.visible(line));
    for (int i = 0; i < branches.size(); i++) {
      boolean last = i == branches.size() - 1;
      text.append('\n').append(indent).append(last ? "\\- " : "+- ");
      branches.get(i).print(text, indent + (last ? "   " : "|  "));
    }
  }
}
