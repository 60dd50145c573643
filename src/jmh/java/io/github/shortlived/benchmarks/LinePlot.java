package io.github.shortlived.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws numbers for each minute as lines, in panels one below another. The y axis is logarithmic;
 * zero is drawn as one.
 */
final class LinePlot {
  private static final List<String> COLORS = List.of("#1b9e77", "#d95f02", "#7570b3");
  private static final int WIDTH = 900;
  private static final int HEIGHT = 230;
  private static final int LEFT = 100;
  private static final int TOP = 40;
  private static final int PANEL = HEIGHT + 60;
  private static final int DECADES = 8;
  private static final int TICK = 30;

  private final StringBuilder svg = new StringBuilder();
  private final int minutes;
  private final int limit;
  private int panels;

  /**
   * Creates a plot without panels.
   *
   * @param minutes the length of the x axis
   * @param limit the value of a dashed line
   */
  LinePlot(int minutes, int limit) {
    this.minutes = minutes;
    this.limit = limit;
  }

  /** A named line. */
  record Line(String name, int[] values) {}

  /** Adds a panel with a title and lines. */
  LinePlot panel(String title, List<Line> lines) {
    add("<g transform='translate(%d,%d)'>", LEFT, TOP + PANEL * panels++);
    add("<text y='-12' font-weight='bold'>%s</text>", title);
    IntStream.rangeClosed(0, DECADES).forEach(this::horizontal);
    IntStream.rangeClosed(0, minutes / TICK).forEach(i -> vertical(i * TICK));
    add(
        "<path d='M0 %1$.1fH%2$d' stroke='red' stroke-dasharray='6 4'/><text x='%3$d' y='%4$.1f' fill='red'>quota</text>",
        y(limit), WIDTH, WIDTH + 6, y(limit) + 4);
    for (int i = 0; i < lines.size(); i++) {
      line(lines.get(i), COLORS.get(i), i);
    }
    add("</g>");
    return this;
  }

  private void horizontal(int decade) {
    int value = (int) Math.pow(10, decade);
    add(
        "<path d='M0 %1$.1fH%2$d' stroke='#ddd'/><text x='-8' y='%3$.1f' text-anchor='end'>%4$,d</text>",
        y(value), WIDTH, y(value) + 4, value);
  }

  private void vertical(int minute) {
    add(
        "<path d='M%1$.1f 0V%2$d' stroke='#eee'/><text x='%1$.1f' y='%3$d' text-anchor='middle'>%4$d:%5$02d</text>",
        x(minute), HEIGHT, HEIGHT + 16, minute / 60, minute % 60);
  }

  private void line(Line line, String color, int number) {
    String points =
        IntStream.range(0, minutes)
            .mapToObj(i -> format("%.1f,%.1f", x(i + 0.5), y(line.values()[i])))
            .collect(Collectors.joining(" "));
    add("<polyline fill='none' stroke='%s' stroke-width='1.5' points='%s'/>", color, points);
    add(
        "<text x='%d' y='-12' fill='%s' text-anchor='end'>%s</text>",
        WIDTH - 140 * (COLORS.size() - 1 - number), color, line.name());
  }

  private double x(double minute) {
    return WIDTH * minute / minutes;
  }

  private static double y(int value) {
    return HEIGHT * (1 - Math.log10(Math.max(1, value)) / DECADES);
  }

  private void add(String markup, Object... values) {
    svg.append(format(markup, values)).append('\n');
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** Returns the SVG document. */
  String svg() {
    return format(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n<rect width='100%%' height='100%%' fill='white'/>%n",
            LEFT + WIDTH + 50, TOP + PANEL * panels)
        + svg
        + "</svg>\n";
  }
}
