/** Prepares the pages of the site from the Markdown files of the repository, and tests them. */
@NullMarked
package io.github.shortlived.site;

import org.jspecify.annotations.NullMarked;
