package io.github.shortlived.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sees everything but one family of classes; another family is its own, which shows who asks. */
public final class HidingClassLoader extends ClassLoader {
  private final String hidden;
  private final String own;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Both families are told by how their classes' names begin. */
  public HidingClassLoader(String hidden, String own) {
    super(HidingClassLoader.class.getClassLoader());
    this.hidden = hidden;
    this.own = own;
  }

  /** The hidden classes that its own asked for. */
  public List<String> asked() {
    return asked;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(hidden)) {
      asked.add(name);
      throw new ClassNotFoundException(name);
    }
    return name.startsWith(own) ? own(name) : super.loadClass(name, resolve);
  }

  private Class<?> own(String name) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] bytes = Objects.requireNonNull(stream, name).readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
