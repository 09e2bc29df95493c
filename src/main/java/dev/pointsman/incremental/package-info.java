/**
 * Reuse of one translation's results in the next one: Envoy Gateway sends every resource each time, and few have
 * changed. The package works on serialized messages and records and has no notion of pools.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.incremental;

import org.jspecify.annotations.NullMarked;
