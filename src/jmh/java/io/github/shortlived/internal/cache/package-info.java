/** A simulation of the cached tokens of many processes, on a virtual clock. */
package io.github.shortlived.internal.cache;
