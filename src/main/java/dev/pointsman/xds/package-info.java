/**
 * The xDS resources: one file per Envoy idea, each a pure function from message to message. Imports model and plan.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.xds;

import org.jspecify.annotations.NullMarked;
