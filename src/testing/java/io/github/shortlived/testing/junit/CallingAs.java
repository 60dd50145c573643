package io.github.shortlived.testing.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the caller on a test's parameter of type {@link
 * io.github.shortlived.ShortLivedCredentials}, which {@link IamEmulatorExtension} then provides
 * and, after the test, closes.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface CallingAs {
  /**
   * Who calls: a service account by its email, or by the part before the {@code @} where no other
   * account of the emulator has the same; or a policy member such as {@code user:EMAIL}.
   *
   * @return for example {@code sa-1}, {@code sa-1@demo-project.iam.gserviceaccount.com} or {@code
   *     user:admin@example.com}
   */
  String value();
}
