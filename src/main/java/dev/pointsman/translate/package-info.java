/**
 * The meaning of a translation: from the resources of Envoy Gateway to those with pools. {@link Translation} has the
 * steps. Pure: reuse of earlier results does not change the output.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.translate;

import org.jspecify.annotations.NullMarked;
