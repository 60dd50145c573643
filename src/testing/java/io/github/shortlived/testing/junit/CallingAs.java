package io.github.shortlived.testing.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the caller of a test's parameter of type {@link
 * io.github.shortlived.ShortLivedCredentials}. {@link IamEmulatorExtension} provides the value and
 * closes it after the test.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface CallingAs {
  /**
   * {@return the caller: a policy member such as {@code user:admin@example.com}, the email of a
   * service account, or the part before its {@code @} if no other account has the same}
   */
  String value();
}
