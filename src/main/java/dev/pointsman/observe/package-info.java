/**
 * Edge: log lines and metrics. Imports config, model and hook.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.observe;

import org.jspecify.annotations.NullMarked;
