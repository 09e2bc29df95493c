/**
 * The checks of {@code pointsman analyze}: manifests in, findings out. Pure: files and the API server are read elsewhere.
 * Imports model, plan and the parsers of kube.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.analyze;

import org.jspecify.annotations.NullMarked;
