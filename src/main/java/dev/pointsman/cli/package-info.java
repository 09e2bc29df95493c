/**
 * Edge: the command line. Imports everything but Main.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.cli;

import org.jspecify.annotations.NullMarked;
