package io.github.shortlived.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hides the classes with one prefix, itself defines those with another, and records which hidden
 * classes these request.
 */
public final class HidingClassLoader extends ClassLoader {
  private final String hidden;
  private final String own;
  private final List<String> requested = new CopyOnWriteArrayList<>();

  /** Both arguments are prefixes of class names. */
  public HidingClassLoader(String hidden, String own) {
    super(HidingClassLoader.class.getClassLoader());
    this.hidden = hidden;
    this.own = own;
  }

  /** Returns the hidden classes that its own classes requested. */
  public List<String> requested() {
    return requested;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(hidden)) {
      requested.add(name);
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
