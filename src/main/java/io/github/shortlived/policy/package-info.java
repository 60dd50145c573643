/**
 * The values of an allow policy: bindings, conditions and changes. They make no network calls and
 * use {@code model} and {@code internal.text} only.
 */
@NullMarked
package io.github.shortlived.policy;

import org.jspecify.annotations.NullMarked;
