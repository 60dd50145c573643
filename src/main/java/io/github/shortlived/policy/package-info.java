/**
 * Holds the values of an allow policy: bindings, conditions and changes. They make no network
 * calls. The package uses {@code model} and {@code internal.text}.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.policy;

import org.jspecify.annotations.NullMarked;
