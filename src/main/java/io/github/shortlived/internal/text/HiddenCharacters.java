package io.github.shortlived.internal.text;

/**
 * The characters that a reader cannot see, or cannot tell from a space: a terminal obeys them,
 * reorders text by them, or draws nothing.
 */
final class HiddenCharacters {
  /**
   * The property Default_Ignorable_Code_Point of Unicode 17.0, which Java does not know. Generated
   * from {@code DerivedCoreProperties.txt}: the ranges of all lines with this property, merged.
   *
   * @see <a href="https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt">
   *     DerivedCoreProperties.txt</a>
   */
  static final String DEFAULT_IGNORABLE =
      "\\x{AD}\\x{34F}\\x{61C}\\x{115F}-\\x{1160}\\x{17B4}-\\x{17B5}\\x{180B}-\\x{180F}"
          + "\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{206F}\\x{3164}\\x{FE00}-\\x{FE0F}"
          + "\\x{FEFF}\\x{FFA0}\\x{FFF0}-\\x{FFF8}\\x{1BCA0}-\\x{1BCA3}\\x{1D173}-\\x{1D17A}"
          + "\\x{E0000}-\\x{E0FFF}";

  /**
   * The other format characters (general category Cf) of Unicode 17.0, because {@code \p{Cf}}
   * depends on the version of Java. Generated in JavaScript with Unicode 17.0: the code points that
   * match {@code /^(?!\p{DI})\p{Cf}$/u}, merged to ranges.
   */
  static final String OTHER_FORMAT =
      "\\x{600}-\\x{605}\\x{6DD}\\x{70F}\\x{890}-\\x{891}\\x{8E2}\\x{FFF9}-\\x{FFFB}\\x{110BD}"
          + "\\x{110CD}\\x{13430}-\\x{1343F}";

  // Symbols and letters without ink: a Braille pattern, two Egyptian blanks, the Khitan filler and
  // a musical notehead. They are no spaces and not ignorable.
  private static final String BLANK = "\\x{2800}\\x{13441}-\\x{13442}\\x{16FE4}\\x{1D159}";

  // Zs without the plain space: a reader takes each of them for that.
  private static final String SPACES =
      "\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}";

  /** A regular expression for one of these characters. */
  static final String ANY =
      "[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}" + DEFAULT_IGNORABLE + OTHER_FORMAT + BLANK + SPACES + "]";

  private HiddenCharacters() {}
}
