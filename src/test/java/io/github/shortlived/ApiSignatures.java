package io.github.shortlived;

import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The signatures of the public API: a line for each type, and one for each of its members, which
 * begins with the name of the type, so that no two lines are equal.
 */
final class ApiSignatures {
  private static final Set<String> METHODS_OF_EACH_OBJECT =
      Set.of("equals", "hashCode", "toString");

  private ApiSignatures() {}

  /** Returns the signatures of all public types that come from the same folder or jar. */
  static List<String> ofTypesBeside(Class<?> type) {
    return new ClassFileImporter()
        .importUrl(type.getProtectionDomain().getCodeSource().getLocation()).stream()
            .map(found -> found.reflect())
            .filter(ApiSignatures::isApi)
            .sorted(Comparator.comparing(Class::getName))
            .flatMap(ApiSignatures::of)
            .toList();
  }

  /** Returns the signatures of one type and its members. */
  static Stream<String> of(Class<?> type) {
    return Stream.concat(Stream.of(declaration(type)), members(type));
  }

  /** The public classes Internal* connect packages and are not part of the API. */
  private static boolean isApi(Class<?> type) {
    return Stream.<Class<?>>iterate(type, outer -> outer != null, Class::getEnclosingClass)
            .allMatch(outer -> isVisible(outer.getModifiers()))
        && !type.getPackageName().matches(".*\\.internal(\\..*)?")
        && !type.getSimpleName().startsWith("Internal");
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String declaration(Class<?> type) {
    return annotations(type)
        // Newer JDKs add "sealed"; the permitted subclasses say it here.
        + type.toGenericString().replaceAll("\\b(non-)?sealed ", "")
        + (type.isRecord() ? components(type) : "")
        + superclass(type)
        + list(type.isInterface() ? " extends " : " implements ", type.getAnnotatedInterfaces())
        + (type.isSealed() ? permitted(type) : "");
  }

  private static String components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> text(component.getAnnotatedType()) + " " + component.getName())
        .collect(joining(", ", "(", ")"));
  }

  private static String superclass(Class<?> type) {
    boolean usual =
        type.isInterface()
            || type.isRecord()
            || type.isEnum()
            || type.getSuperclass() == Object.class;
    return usual ? "" : " extends " + text(type.getAnnotatedSuperclass());
  }

  private static String permitted(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses())
        .map(Class::getName)
        .sorted()
        .collect(joining(", ", " permits ", ""));
  }

  private static Stream<String> members(Class<?> type) {
    return Stream.of(
            Arrays.stream(type.getDeclaredFields())
                .filter(ApiSignatures::isMember)
                .map(ApiSignatures::field),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(ApiSignatures::isMember)
                .map(constructor -> executable(constructor, type.getSimpleName())),
            methods(type).filter(ApiSignatures::isMember).map(ApiSignatures::method))
        .flatMap(members -> members)
        .map(member -> type.getName() + ": " + member)
        .distinct()
        .sorted();
  }

  private static boolean isMember(Member member) {
    return isVisible(member.getModifiers()) && !member.isSynthetic();
  }

  /** The methods of a superclass that is not public are methods of its public subclass. */
  private static Stream<Method> methods(Class<?> type) {
    return Stream.concat(
            Arrays.stream(type.getDeclaredMethods()),
            Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isPublic(method.getDeclaringClass().getModifiers())))
        .filter(method -> !METHODS_OF_EACH_OBJECT.contains(method.getName()));
  }

  private static String field(Field field) {
    return annotations(field)
        + modifiers(field.getModifiers())
        + text(field.getAnnotatedType())
        + " "
        + field.getName()
        + constant(field);
  }

  /** The compiler copies constants into the classes that use them. */
  private static String constant(Field field) {
    int modifiers = field.getModifiers();
    boolean copied = field.getType().isPrimitive() || field.getType() == String.class;
    if (!copied || !Modifier.isStatic(modifiers) || !Modifier.isFinal(modifiers)) {
      return "";
    }
    try {
      return " = " + field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String method(Method method) {
    Object value = method.getDefaultValue();
    return executable(method, text(method.getAnnotatedReturnType()) + " " + method.getName())
        + (value == null ? "" : " default " + value);
  }

  private static String executable(Executable executable, String name) {
    return annotations(executable)
        + (executable instanceof Method method && method.isDefault() ? "default " : "")
        + modifiers(executable.getModifiers() & ~Modifier.SYNCHRONIZED & ~Modifier.TRANSIENT)
        + typeParameters(executable)
        + name
        + parameters(executable)
        + list(" throws ", executable.getAnnotatedExceptionTypes());
  }

  private static String parameters(Executable executable) {
    String parameters =
        Arrays.stream(executable.getAnnotatedParameterTypes())
            .map(ApiSignatures::text)
            .collect(joining(", ", "(", ")"));
    return executable.isVarArgs() ? parameters.replaceFirst("\\[]\\)$", "...)") : parameters;
  }

  private static String typeParameters(Executable executable) {
    return executable.getTypeParameters().length == 0
        ? ""
        : Arrays.stream(executable.getTypeParameters())
            .map(ApiSignatures::typeParameter)
            .collect(joining(", ", "<", "> "));
  }

  private static String typeParameter(TypeVariable<?> parameter) {
    return parameter.getName()
        + Arrays.stream(parameter.getAnnotatedBounds())
            .map(ApiSignatures::text)
            .filter(bound -> !bound.equals("java.lang.Object"))
            .map(bound -> " extends " + bound)
            .collect(joining());
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers);
    return text.isEmpty() ? "" : text + " ";
  }

  /** JDK 17 writes {@code ()} after an annotation, and newer ones do not. */
  private static String text(AnnotatedType type) {
    return type.toString().replaceAll("@org\\.jspecify\\.annotations\\.(\\w+)(\\(\\))?", "@$1");
  }

  private static String annotations(AnnotatedElement element) {
    return Arrays.stream(element.getDeclaredAnnotations())
        .map(annotation -> "@" + annotation.annotationType().getSimpleName() + " ")
        .sorted()
        .collect(joining());
  }

  private static String list(String before, AnnotatedType[] types) {
    return types.length == 0
        ? ""
        : Arrays.stream(types).map(ApiSignatures::text).collect(joining(", ", before, ""));
  }
}
