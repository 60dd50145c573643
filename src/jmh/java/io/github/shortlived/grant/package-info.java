/** Benchmarks of grants, which count what the library's own connection does. */
package io.github.shortlived.grant;
