/**
 * Edge: the sources of objects. This package has the parsers that both sources use. Imports model.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.kube;

import org.jspecify.annotations.NullMarked;
